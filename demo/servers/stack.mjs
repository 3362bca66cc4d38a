// The three programs of the demo with their configuration and state in one folder. The end-to-end
// tests start the same stack, on ports and in a folder of their own.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { nginx_configuration, relay_configuration } from './configurations.mjs';
import { ManagedProcess } from './managed_process.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

export class Stack {
  /**
   * Writes the configuration files; starts nothing.
   * @param {{folder: string, ports: import('./ports.mjs').Ports}} settings `folder` is absolute
   */
  constructor({ folder, ports }) {
    for (const part of ['relay/store', 'lrs', 'nginx', 'log']) {
      mkdirSync(`${folder}/${part}`, { recursive: true });
    }
    const place = { root, folder, ports };
    const secret = api_secret(`${folder}/relay/api_secret`);
    writeFileSync(`${folder}/relay/relay.toml`, relay_configuration(place));
    writeFileSync(`${folder}/nginx/nginx.conf`, nginx_configuration(place));

    this.course_url = `http://127.0.0.1:${ports.course}/`;
    this.statements_url = `http://127.0.0.1:${ports.lrs}/`;
    this.metrics_url = `http://127.0.0.1:${ports.relay_private}/metrics`;
    this.lrs = managed(folder, 'practice LRS', this.statements_url, [
      ...[`${root}/build/release/tests/practice_lrs/practice-lrs`],
      ...['--listen', `127.0.0.1:${ports.lrs}`],
      ...['--api-key', 'demo', '--api-secret', secret],
      ...['--store', `${folder}/lrs/statements`],
    ]);
    this.relay = managed(folder, 'relay', `http://127.0.0.1:${ports.relay_private}/readyz`, [
      ...[`${root}/build/release/proxy/waypost-relay`, 'serve'],
      ...['--config', `${folder}/relay/relay.toml`],
    ]);
    this.nginx = managed(folder, 'nginx', this.course_url, [
      ...['/usr/sbin/nginx', '-p', `${folder}/nginx`, '-c', 'nginx.conf', '-e', 'stderr'],
    ]);
  }

  /** In this order each finds what it needs; stopped in the other order each can finish. */
  get processes() {
    return [this.lrs, this.relay, this.nginx];
  }

  async start() {
    for (const process of this.processes) await process.start();
  }

  async stop() {
    for (const process of this.processes.reverse()) await process.stop();
  }
}

/**
 * @param {string} folder @param {string} name
 * @param {string} ready_url @param {string[]} command
 */
function managed(folder, name, ready_url, command) {
  const log = `${folder}/log/${name.replace(' ', '_')}.log`;
  writeFileSync(log, '');
  return new ManagedProcess({ name: `The ${name}`, command, log, ready_url });
}

/** Made once and kept, as a real one would be. @param {string} file */
function api_secret(file) {
  if (!existsSync(file))
    writeFileSync(file, `${randomBytes(24).toString('hex')}\n`, { mode: 0o600 });
  return readFileSync(file, 'utf8').trim();
}
