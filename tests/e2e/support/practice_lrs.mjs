// A practice LRS of a test's own, which goes wrong as the test orders.
import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';

import { lasting_ports } from '../../support/lasting_ports.mjs';
import { ChildProcess } from './child_process.mjs';

const program = fileURLToPath(
  new URL('../../../build/release/tests/practice_lrs/practice-lrs', import.meta.url),
);

export const api_key = 'rows';
const list_max = 10_000;

/**
 * @typedef {{sequence: number, id: string, text: string, sent: number,
 *   sent_differently: number}} StoredStatement
 * @typedef {{time_ms: number, method: string, target: string, bytes: number, statements: number,
 *   status: number, headers: Record<string, string>}} LoggedRequest
 */

/** @param {import('node:test').TestContext} t @param {string} api_secret */
export async function practice_lrs(t, api_secret) {
  const [port] = await lasting_ports(1);
  const lrs = new PracticeLrs(port, api_secret);
  t.after(() => lrs.stop());
  await lrs.start();
  return lrs;
}

export class PracticeLrs {
  #port;
  /** @type {ChildProcess | null} */
  #process = null;

  /** @param {number} port @param {string} api_secret */
  constructor(port, api_secret) {
    this.#port = port;
    this.api_secret = api_secret;
  }

  /** Starts, or starts again on the same port; it has forgotten everything then. */
  async start() {
    this.#process = new ChildProcess([
      program,
      ...['--listen', `127.0.0.1:${this.#port}`],
      ...['--api-key', api_key, '--api-secret', this.api_secret],
    ]);
    await this.#process.line((line) => line.startsWith('listening on ') || null);
  }

  async stop() {
    await this.#process?.end('SIGKILL');
  }

  get port() {
    return this.#port;
  }

  get xapi_url() {
    return `http://127.0.0.1:${this.#port}/xapi/`;
  }

  /** From now on, one fault or several. @param {object | object[]} fault */
  async goes_wrong(fault) {
    await this.#practice('faults', { method: 'POST', body: JSON.stringify(fault) });
  }

  async is_well() {
    await this.#practice('faults', { method: 'DELETE' });
  }

  /** Whether a fault is still to come. */
  async is_to_go_wrong() {
    return (await (await this.#practice('faults')).text()) !== '{}';
  }

  /**
   * In order of arrival, once there are so many; what there is after a minute otherwise.
   * @param {number} at_least @returns {Promise<StoredStatement[]>}
   */
  async statements(at_least = 0) {
    const all = [];
    let query = `at_least=${at_least}&wait_ms=60000`;
    for (;;) {
      const part = await (await this.#practice(`statements?${query}&limit=${list_max}`)).json();
      all.push(...part.statements);
      if (part.statements.length < list_max) return all;
      query = `after=${all[all.length - 1].sequence}`;
    }
  }

  /** What reached the xAPI side, oldest first. @returns {Promise<LoggedRequest[]>} */
  async requests() {
    return (await (await this.#practice('log')).json()).requests;
  }

  /** Batches that reached it. */
  async posts() {
    return (await this.requests()).filter(({ method }) => method === 'POST');
  }

  /** As another client would. @param {string} text a statement, or an array of them */
  async store(text) {
    const credential = Buffer.from(`${api_key}:${this.api_secret}`).toString('base64');
    const answer = await fetch(`${this.xapi_url}statements`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${credential}`,
        'content-type': 'application/json',
        'x-experience-api-version': '1.0.3',
      },
      body: text,
    });
    assert.equal(answer.status, 200, await answer.text());
  }

  /** @param {string} path @param {RequestInit} settings */
  async #practice(path, settings = {}) {
    const answer = await fetch(`http://127.0.0.1:${this.#port}/practice/${path}`, settings);
    assert.ok(answer.ok, `${path}: ${answer.status}`);
    return answer;
  }
}
