// One program of the demo: started, asked whether it is ready, stopped; its output goes to a file.
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

const ready_timeout_ms = 20_000;
const stop_timeout_ms = 15_000;
const asked_again_ms = 50;
const tail_lines = 20;

export class ManagedProcess {
  /**
   * @param {{name: string, command: string[], log: string, ready_url: string}} description
   *   `ready_url` answers with a 2xx status once the program can do its work
   */
  constructor({ name, command, log, ready_url }) {
    this.name = name;
    this.log = log;
    this.command = command;
    this.ready_url = ready_url;
    /** @type {import('node:child_process').ChildProcess | null} */
    this.child = null;
    /** Called when the program ends without having been asked to. @type {() => void} */
    this.on_death = () => {};
    this.stopping = false;
  }

  get running() {
    return this.child !== null;
  }

  get pid() {
    return this.child?.pid;
  }

  /** Resolves when the program answers; rejects with a sentence and the end of its log. */
  async start() {
    if (this.child) return;
    this.stopping = false;
    const output = openSync(this.log, 'a');
    // A session of its own keeps the terminal's Ctrl-C away from it: it is stopped in order, by us.
    // Should we be killed, the kernel ends it (pdeathsig).
    const child = spawn('setpriv', ['--pdeathsig', 'TERM', '--', ...this.command], {
      stdio: ['ignore', output, output],
      detached: true,
    });
    closeSync(output);
    this.child = child;
    this.ended = new Promise((done) => {
      child.once('error', (error) => done(error.message));
      child.once('exit', (code, signal) => done(signal ?? `exit code ${code}`));
    }).then((how) => {
      this.child = null;
      this.how_it_ended = String(how);
      if (!this.stopping) this.on_death();
    });
    await this.#until_ready(child);
  }

  /** @param {import('node:child_process').ChildProcess} child */
  async #until_ready(child) {
    const deadline = performance.now() + ready_timeout_ms;
    while (this.child === child) {
      if (await answers(this.ready_url)) return;
      if (performance.now() > deadline) {
        throw new Error(
          `${this.name} did not get ready in ${ready_timeout_ms / 1000} s.\n${this.tail()}`,
        );
      }
      await pause(asked_again_ms);
    }
    throw new Error(`${this.name} ended while starting.\n${this.tail()}`);
  }

  /** Asks the program to end and resolves when it has; kills it if it takes too long. */
  async stop() {
    const child = this.child;
    if (!child) return;
    this.stopping = true;
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), stop_timeout_ms);
    await this.ended;
    clearTimeout(timer);
  }

  /** As a crash: no chance to finish anything. */
  async kill() {
    this.stopping = true;
    this.child?.kill('SIGKILL');
    await this.ended;
  }

  /** How it ended, if it did, and the last lines of its log. */
  tail() {
    const lines = readFileSync(this.log, 'utf8').trimEnd().split('\n').slice(-tail_lines);
    const how = this.how_it_ended ? `It ended with ${this.how_it_ended}. ` : '';
    return `${how}The end of ${this.log}:\n${lines.map((line) => `  | ${line}`).join('\n')}`;
  }
}

/** @param {string} url @returns {Promise<boolean>} */
async function answers(url) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false; // nobody listens yet; asked again until the time is up
  }
}
