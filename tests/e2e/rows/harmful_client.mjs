// A client that means harm, at the relay's own port, where no web server protects it.
import assert from 'node:assert/strict';
import { connect } from 'node:net';

import { course_origin, statements } from '../support/statements.mjs';

const memory_mib_max = 128;

export const head = `POST /waypost/post HTTP/1.1\r\nHost: relay\r\nOrigin: ${course_origin}\r
Content-Type: text/plain\r\n`;

/** A connection of which the relay may do what it wants, and what it said. */
export class Client {
  received = '';

  /** @param {import('./stage.mjs').Stage} stage @param {import('node:test').TestContext} t */
  constructor(stage, t) {
    this.socket = connect(stage.relay.public_port, '127.0.0.1');
    this.socket.setEncoding('latin1').on('data', (text) => (this.received += text));
    this.socket.on('error', () => {}); // it hangs up, as it should
    this.closed = new Promise((done) => this.socket.once('close', done));
    t.after(() => this.socket.destroy());
  }

  /** Status of the first answer, once the relay has ended the connection; 0 where none came. */
  async refused_with() {
    await this.closed;
    return Number(/^HTTP\/1\.1 (\d+)/.exec(this.received)?.[1] ?? 0);
  }
}

/** @param {string[]} texts @returns {string} an envelope with these entries */
export const envelope = (texts) =>
  `{"v":1,"nonce":"k3J9xq0aT5Wb1m2c","sent_ms":1795420800000,"offset_ms":0,` +
  `"kind":"statements","entries":[${texts.join(',')}]}`;

/** Only what comes now is accepted, and it arrives. @param {import('./stage.mjs').Stage} stage */
export async function serves(stage) {
  await stage.posts(statements(20));
  await stage.ends();
  const { memory_peak_mib } = stage.relay;
  assert.ok(memory_peak_mib < memory_mib_max, `${memory_peak_mib} MiB`);
}
