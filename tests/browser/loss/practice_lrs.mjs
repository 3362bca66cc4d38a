// The practice LRS as a process of the test.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const executable =
  process.env.WAYPOST_PRACTICE_LRS ??
  fileURLToPath(new URL('../../../build/release/tests/practice_lrs/practice-lrs', import.meta.url));

export const no_practice_lrs = existsSync(executable) ? false : `${executable} is not built`;

/** @param {{api_key: string, api_secret: string}} credential */
export async function start_practice_lrs(t, { api_key, api_secret }) {
  const child = spawn(
    executable,
    ['--listen', '127.0.0.1:0', '--api-key', api_key, '--api-secret', api_secret],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const exited = new Promise((resolve) => child.once('exit', resolve));
  t.after(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  const address = new Promise((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const found = /^listening on (\S+)$/.exec(line);
      if (found !== null) resolve(found[1]);
    });
  });
  const gone = exited.then((code) => Promise.reject(new Error(`The LRS ended with ${code}`)));
  return new PracticeLrs(await Promise.race([address, gone]));
}

class PracticeLrs {
  #address;

  /** @param {string} address with a slash at its end */
  constructor(address) {
    this.#address = address;
  }

  get statements_url() {
    return `${this.#address}xapi`;
  }

  /**
   * In order of arrival, once there are so many; what there is after a minute otherwise.
   * @param {number} at_least
   * @returns {Promise<{id: string, text: string, sent: number, sent_differently: number}[]>}
   */
  async statements(at_least) {
    const query = `at_least=${at_least}&wait_ms=60000&limit=100000`;
    const answer = await fetch(`${this.#address}practice/statements?${query}`);
    return (await answer.json()).statements;
  }
}
