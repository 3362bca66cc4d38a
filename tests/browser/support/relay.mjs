// The real relay. Nobody is behind it, unless a test says who: its LRS is a closed port.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { lasting_ports } from '../../support/lasting_ports.mjs';
import { tracker_folder } from './tracker_files.mjs';

const executable =
  process.env.WAYPOST_RELAY ??
  fileURLToPath(new URL('../../../build/release/proxy/waypost-relay', import.meta.url));

export const no_relay = existsSync(executable) ? false : `${executable} is not built`;

const nobody = {
  lrs_url: 'http://127.0.0.1:9/xapi',
  api_key: 'key',
  api_secret: 'secret',
  update_interval_s: 30,
  xapi_version: '1.0.3',
};

/** Takes statements from pages of `course_origin`. */
export async function start_relay(t, course_origin, destination = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'waypost-relay-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const whole = { ...nobody, ...destination };
  const [public_port, private_port] = await lasting_ports(2);
  const relay = new Relay(folder, { public_port, private_port }, course_origin, whole);
  t.after(() => relay.kill());
  await writeFile(join(folder, 'secret'), whole.api_secret, { mode: 0o600 });
  await relay.start();
  return relay;
}

class Relay {
  #folder;
  #course_origin;
  #destination;
  #child;
  #exited;
  #ports;

  constructor(folder, ports, course_origin, destination) {
    this.#folder = folder;
    this.#ports = ports;
    this.#course_origin = course_origin;
    this.#destination = destination;
  }

  get origin() {
    return `http://127.0.0.1:${this.#ports.public_port}`;
  }

  /** Starts, or starts again on the same ports. */
  async start() {
    const file = join(this.#folder, 'relay.toml');
    await writeFile(file, this.#configuration());
    this.#child = spawn(executable, ['serve', '--config', file], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#exited = new Promise((resolve) => this.#child.once('exit', resolve));
    await Promise.race([
      this.#listening(),
      this.#exited.then((status) => Promise.reject(new Error(`The relay ended with ${status}`))),
    ]);
  }

  async kill() {
    this.#child.kill('SIGKILL');
    await this.#exited;
  }

  /** How many statements it has on its disk to be delivered. */
  async waiting() {
    const answer = await fetch(`http://127.0.0.1:${this.#ports.private_port}/metrics`);
    return Number(/^waypost_queue_statements\{.*\} (\d+)$/m.exec(await answer.text())[1]);
  }

  /** What it logs is one line of JSON for each happening, on whichever stream. */
  #listening() {
    return new Promise((resolve) => {
      for (const input of [this.#child.stdout, this.#child.stderr]) {
        createInterface({ input }).on('line', (line) => {
          const happening = JSON.parse(line);
          if (happening.happening === 'listening') resolve();
        });
      }
    });
  }

  #configuration() {
    const { lrs_url, api_key, update_interval_s, xapi_version } = this.#destination;
    return `[listen]
public = "127.0.0.1:${this.#ports.public_port}"
private = "127.0.0.1:${this.#ports.private_port}"
[store]
folder = ${JSON.stringify(join(this.#folder, 'store'))}
[tracker]
folder = ${JSON.stringify(tracker_folder)}
[[organisation]]
name = "example"
origins = [${JSON.stringify(this.#course_origin)}]
[[organisation.destination]]
url = "${lrs_url}"
api_key = "${api_key}"
api_secret_file = ${JSON.stringify(join(this.#folder, 'secret'))}
update_interval_s = ${update_interval_s}
xapi_version = "${xapi_version}"
`;
  }
}
