// A real relay of a test's own: its configuration, its doors, its command line, its log.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

import { lasting_ports } from '../../support/lasting_ports.mjs';
import { ChildProcess } from './child_process.mjs';
import { api_key as usual_api_key } from './practice_lrs.mjs';
import { course_origin } from './statements.mjs';

const program = fileURLToPath(
  new URL('../../../build/release/proxy/waypost-relay', import.meta.url),
);
const posted_at_once_max = 100;
const probe_patience_ms = 1000;

/**
 * @typedef {import('./statements.mjs').Statement} Statement
 * @typedef {{url: string, api_secret: string, api_key?: string, settings?: string}} Destination
 *   `settings`: further lines of its part of the configuration
 * @typedef {{more?: string, of_organisation?: Record<string, string>,
 *   inside?: (store_folder: string) => string[]}} Settings
 * @typedef {Record<string, Destination[]>} Organisations their destinations by their names
 * @typedef {{accepted: number, delivered: number, already_there: number, dead_letters: number,
 *   discarded: number, waiting: number}} Ledger
 * @typedef {{dead_letter: number, organisation: string, destination: string, id: string,
 *   reason: string, status: number, words: string, attempts: number,
 *   statement?: string}} DeadLetter
 */

/**
 * A running relay that ends with the test.
 * @param {import('node:test').TestContext} t
 * @param {Organisations} organisations
 * @param {Settings} settings of Relay
 */
export async function running_relay(t, organisations, settings = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'waypost-rows-'));
  const [public_port, private_port] = await lasting_ports(2);
  const relay = new Relay(folder, { public_port, private_port }, organisations, settings);
  t.after(async () => {
    await relay.kill();
    rmSync(folder, { recursive: true, force: true });
  });
  await relay.start();
  return relay;
}

export class Relay {
  #ports;
  /** @type {Record<string, string>} */
  #of_organisation;
  /** @type {ChildProcess | null} */
  #process = null;
  /** Lines of earlier runs. @type {string[]} */
  #earlier_lines = [];

  /**
   * @param {string} folder its own
   * @param {{public_port: number, private_port: number}} ports
   * @param {Organisations} organisations
   * @param {Settings} settings
   *   `more` stands at the end of the configuration, `of_organisation` with the organisation of
   *   that name; `inside` gives a command that runs the command behind it
   */
  constructor(
    folder,
    ports,
    organisations,
    { more = '', of_organisation = {}, inside = () => [] } = {},
  ) {
    this.#of_organisation = of_organisation;
    this.folder = folder;
    this.#ports = ports;
    this.organisations = organisations;
    this.more = more;
    this.inside = inside;
  }

  get store_folder() {
    return join(this.folder, 'store');
  }

  get #configuration_file() {
    return join(this.folder, 'relay.toml');
  }

  get public_port() {
    return this.#ports.public_port;
  }

  get pid() {
    return this.#process?.pid ?? 0;
  }

  /** The most memory it has had since it was started. */
  get memory_peak_mib() {
    const [, kib] =
      /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${this.pid}/status`, 'utf8')) ?? [];
    return Number(kib) / 1024;
  }

  /** Settles with how it ended. */
  get ended() {
    return this.#process?.ended ?? Promise.resolve('never started');
  }

  /** Starts, or starts again on the same ports. */
  async start() {
    this.write_configuration();
    mkdirSync(this.store_folder, { recursive: true, mode: 0o700 });
    this.#earlier_lines = this.#lines;
    this.#process = new ChildProcess([
      ...[...this.inside(this.store_folder), program, 'serve'],
      ...['--config', this.#configuration_file],
    ]);
    await this.#process.line((line) => happening_of(line)?.happening === 'listening' || null);
  }

  /** In order, which must succeed. */
  async stop() {
    assert.equal(await this.end(), 'exit code 0');
  }

  /** In order, unless it ended by itself. How it did. */
  async end() {
    return this.#process?.end('SIGTERM');
  }

  async kill() {
    await this.#process?.end('SIGKILL');
  }

  /** @param {NodeJS.Signals} signal */
  signal(signal) {
    process.kill(this.pid, signal);
  }

  /** Has the settings read again, as they are in `organisations` and `more` by now. */
  async reload() {
    assert.deepEqual(await this.reloads(), undefined);
  }

  /** Likewise; why it does not take them, if so. @returns {Promise<string | undefined>} */
  async reloads() {
    this.write_configuration();
    const taken = () => this.log('settings reloaded').length;
    const refused = () => this.log('settings not reloaded');
    const [taken_before, refused_before] = [taken(), refused().length];
    const answered = this.#process?.line(() =>
      taken() > taken_before || refused().length > refused_before ? true : null,
    );
    this.signal('SIGHUP');
    await answered;
    return refused()[refused_before]?.reason;
  }

  write_configuration() {
    let text = `[listen]
public = "127.0.0.1:${this.#ports.public_port}"
private = "127.0.0.1:${this.#ports.private_port}"
[store]
folder = ${JSON.stringify(this.store_folder)}
`;
    for (const [name, destinations] of Object.entries(this.organisations)) {
      text += `[[organisation]]\nname = "${name}"\norigins = ["${course_origin}"]\n`;
      text += `${this.#of_organisation[name] ?? ''}\n`;
      destinations.forEach(({ url, api_secret, api_key = usual_api_key, settings = '' }, index) => {
        const secret_file = join(this.folder, `secret-${name}-${index}`);
        writeFileSync(secret_file, api_secret, { mode: 0o600 });
        text += `[[organisation.destination]]
url = "${url}"
api_key = "${api_key}"
api_secret_file = ${JSON.stringify(secret_file)}
${settings}
`;
      });
    }
    writeFileSync(this.#configuration_file, text + this.more);
  }

  /**
   * As a page would; the answer as it comes.
   * @param {Statement[]} statements at most 100
   * @param {string} organisation its name, where there are several
   */
  async answer_to(statements, organisation = '') {
    const path = organisation ? `/waypost/o/${organisation}/post` : '/waypost/post';
    const envelope = { v: 1, nonce: randomUUID(), sent_ms: Date.now(), offset_ms: 0 };
    const head = JSON.stringify({ ...envelope, kind: 'statements' }).slice(0, -1);
    return fetch(`http://127.0.0.1:${this.#ports.public_port}${path}`, {
      method: 'POST',
      headers: { origin: course_origin, 'content-type': 'text/plain;charset=UTF-8' },
      body: `${head},"entries":[${statements.map(({ text }) => text).join(',')}]}`,
    });
  }

  /** Posts them all, in this order, and is told that all are accepted.
   * @param {Statement[]} statements @param {string} organisation */
  async accepts(statements, organisation = '') {
    for (let from = 0; from < statements.length; from += posted_at_once_max) {
      const some = statements.slice(from, from + posted_at_once_max);
      const answer = await this.answer_to(some, organisation);
      assert.equal(answer.status, 200, await answer.clone().text());
      const { accepted } = await answer.json();
      assert.deepEqual(
        accepted,
        some.map(({ id }) => id),
      );
    }
  }

  /** @param {string} path of the private listener */
  async private_page(path) {
    return (await fetch(`http://127.0.0.1:${this.#ports.private_port}${path}`)).text();
  }

  /**
   * The status of a page of the private listener; null where it does not come soon.
   * @param {string} path
   */
  async probe(path) {
    const url = `http://127.0.0.1:${this.#ports.private_port}${path}`;
    const answer = fetch(url, { signal: AbortSignal.timeout(probe_patience_ms) });
    return answer.then(
      ({ status }) => status,
      () => null,
    );
  }

  /**
   * Values of a metric with these labels.
   * @param {string} name @param {Record<string, string>} labels
   * @returns {Promise<{labels: Record<string, string>, value: number}[]>}
   */
  async metric(name, labels = {}) {
    const lines = (await this.private_page('/metrics')).split('\n');
    return lines
      .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
      .map((line) => ({
        labels: Object.fromEntries(
          Array.from(line.matchAll(/(\w+)="([^"]*)"/g), ([, key, value]) => [key, value]),
        ),
        value: Number(line.slice(line.lastIndexOf(' ') + 1)),
      }))
      .filter((one) => Object.entries(labels).every(([key, value]) => one.labels[key] === value));
  }

  /** The only value. @param {string} name @param {Record<string, string>} labels */
  async gauge(name, labels = {}) {
    const values = await this.metric(name, labels);
    assert.equal(values.length, 1, `${name} ${JSON.stringify(labels)}`);
    return values[0].value;
  }

  /**
   * The books of a destination, which must balance.
   * @param {Record<string, string>} labels where there are several destinations
   * @returns {Promise<Ledger>}
   */
  async ledger(labels = {}) {
    const terms = await this.metric('waypost_ledger_statements', labels);
    const ledger = /** @type {Ledger} */ (
      Object.fromEntries(terms.map(({ labels: { term }, value }) => [term, value]))
    );
    assert.equal(terms.length, 6, JSON.stringify(terms));
    const { accepted, delivered, already_there, dead_letters, discarded, waiting } = ledger;
    assert.equal(
      accepted,
      delivered + already_there + dead_letters + discarded + waiting,
      JSON.stringify(ledger),
    );
    assert.equal(await this.gauge('waypost_ledger_imbalance', labels), 0);
    return ledger;
  }

  /** @param {'blocked' | 'outage'} condition @param {Record<string, string>} labels */
  async is_in(condition, labels = {}) {
    const values = await this.metric('waypost_destination_condition', { ...labels, condition });
    return values.some(({ value }) => value === 1);
  }

  /** What its command line prints as JSON lines. @param {string[]} words */
  async ask(...words) {
    const { code, output, errors } = await this.command(...words, '--json');
    assert.equal(code, 0, errors);
    return output
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  }

  /**
   * @param {string[]} words
   * @returns {Promise<{code: number, output: string, errors: string}>}
   */
  command(...words) {
    const [file, ...rest] = [...this.beside, program, ...words];
    return new Promise((done) => {
      execFile(file, [...rest, '--config', this.#configuration_file], (error, output, errors) =>
        done({ code: error ? Number(error.code) : 0, output, errors }),
      );
    });
  }

  /** A command that runs the command behind it where the relay's files are. @type {string[]} */
  beside = [];

  /** @returns {Promise<DeadLetter[]>} */
  dead_letters() {
    return this.ask('dead-letters', 'list');
  }

  get #lines() {
    return [...this.#earlier_lines, ...(this.#process?.lines ?? [])];
  }

  /**
   * The lines of the log with this happening.
   * @param {string} happening @param {Record<string, string | number>} fields
   * @returns {Record<string, any>[]}
   */
  log(happening, fields = {}) {
    return this.#lines
      .map(happening_of)
      .filter((line) => line?.happening === happening)
      .filter((line) => Object.entries(fields).every(([key, value]) => line[key] === value));
  }

  /** What a human was told, as "blocked began". @param {Record<string, string>} fields */
  alerts(fields = {}) {
    return this.log('alert', fields).map(({ alert, phase }) => `${alert} ${phase}`);
  }

  /** The whole log. */
  get log_text() {
    return this.#lines.join('\n');
  }
}

/** @param {string} line @returns {Record<string, any> | null} */
function happening_of(line) {
  return line.startsWith('{') ? JSON.parse(line) : null;
}
