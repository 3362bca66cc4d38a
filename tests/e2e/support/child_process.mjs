// A program of the tests as a process, and the lines it prints.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export class ChildProcess {
  /** @type {string[]} */
  lines = [];
  /** How it ended, such as "exit code 0" or "SIGKILL". @type {string | null} */
  how_it_ended = null;

  /** It ends with us, should we be killed. @param {string[]} command */
  constructor(command) {
    this.child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', ...command], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    /** @type {((line: string) => void)[]} */
    this.listeners = [];
    for (const input of [this.child.stdout, this.child.stderr]) {
      createInterface({ input }).on('line', (line) => {
        this.lines.push(line);
        for (const listener of this.listeners) listener(line);
      });
    }
    /** @type {Promise<string>} */
    this.ended = new Promise((done) => {
      this.child.once('error', (error) => done(error.message));
      // With the last of its lines.
      this.child.once('close', (code, signal) => done(signal ?? `exit code ${code}`));
    }).then((how) => (this.how_it_ended = String(how)));
  }

  get pid() {
    return this.child.pid ?? 0;
  }

  /**
   * What `read` makes of the first line of which it makes something.
   * @template T @param {(line: string) => T | null} read @returns {Promise<T>}
   */
  line(read) {
    const found = new Promise((done) => {
      const listener = (/** @type {string} */ line) => {
        const got = read(line);
        if (got !== null) done(got);
      };
      this.lines.forEach(listener);
      this.listeners.push(listener);
    });
    const gone = this.ended.then((how) =>
      Promise.reject(new Error(`It ended with ${how}:\n${this.lines.join('\n')}`)),
    );
    return Promise.race([found, gone]);
  }

  /** @param {NodeJS.Signals} signal */
  async end(signal) {
    if (this.how_it_ended === null) this.child.kill(signal);
    return this.ended;
  }
}
