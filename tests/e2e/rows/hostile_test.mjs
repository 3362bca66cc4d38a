// An LRS, or something before it, that answers with anything but HTTP in good faith. Nothing is
// lost, nothing is believed, no answer can fill the relay's memory, and it heals without a restart.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { gzip_bomb } from '../support/gzip_bomb.mjs';
import { pour } from '../support/hostile_front.mjs';
import { statements } from '../support/statements.mjs';
import { behind_a_front, json_head, outlives } from './bad_faith.mjs';

/** Of an answer without end: what is read before it is cut off, and what lies in sockets. */
const poured_mib_max = 32;

/** @typedef {import('../support/hostile_front.mjs').Spoil} Spoil */

/** @param {string | Buffer} bytes @returns {Spoil} */
const says = (bytes) => (socket) => void socket.end(bytes);

/** Says `[]` to who unpacks it. */
const bomb = gzip_bomb('[', 800, ']');

describe('an answer without end', { concurrency: true }, () => {
  const long = 'x'.repeat(1000);
  for (const [name, head, part, condition] of /** @type {const} */ ([
    ['of its body', `${json_head}\r\n[`, ' '.repeat(65_536), 'blocked'],
    [
      'of its body, in chunks',
      `${json_head}Transfer-Encoding: chunked\r\n\r\n`,
      `10000\r\n${' '.repeat(65_536)}\r\n`,
      'blocked',
    ],
    ['of one line of its head', 'HTTP/1.1 200 OK\r\nX-Long: ', 'x'.repeat(65_536), 'outage'],
    ['of lines of its head', 'HTTP/1.1 200 OK\r\n', `X-Line: ${long}\r\n`.repeat(64), 'outage'],
    [
      'of answers before the answer',
      '',
      `HTTP/1.1 100 Continue\r\nX-Line: ${long}\r\n\r\n`.repeat(64),
      'outage',
    ],
  ])) {
    test(`${name} is cut off`, async (t) => {
      const on = await behind_a_front(t);
      let poured = 0;
      on.front.goes_wrong((socket) => {
        poured = 0;
        socket.write(head);
        pour(socket, part, (bytes) => (poured += bytes));
      });
      await outlives(on, condition);
      assert.ok(poured < poured_mib_max * 1024 * 1024, `${poured} bytes were taken`);
    });
  }

  test('once it is unpacked is not unpacked', async (t) => {
    const on = await behind_a_front(t);
    const encoding = `Content-Encoding: gzip\r\nContent-Length: ${bomb.length}\r\n\r\n`;
    on.front.goes_wrong(says(Buffer.concat([Buffer.from(json_head + encoding), bomb])));
    await outlives(on, 'blocked');
  });
});

describe('an answer that is no HTTP', { concurrency: true }, () => {
  for (const [name, bytes, condition] of /** @type {[string, string | Buffer, 'outage'][]} */ ([
    ['of another protocol', 'SSH-2.0-OpenSSH_9.2\r\n', 'outage'],
    ['of a body alone', '[]', 'outage'],
    [
      'of random bytes',
      Buffer.from(Array.from({ length: 4096 }, (_, n) => (n * 167 + 13) % 256)),
      'outage',
    ],
    ['of zeros', Buffer.alloc(4096), 'outage'],
    ['with a status of five digits', 'HTTP/1.1 20000 OK\r\nContent-Length: 0\r\n\r\n', 'outage'],
    ['with a length below nothing', `${json_head}Content-Length: -1\r\n\r\n[]`, 'outage'],
    ['of another length than it says', `${json_head}Content-Length: 3\r\n\r\n[]`, 'outage'],
    [
      'of chunks that are none',
      `${json_head}Transfer-Encoding: chunked\r\n\r\nzz\r\n[]\r\n0\r\n\r\n`,
      'outage',
    ],
    [
      'of chunks without the last',
      `${json_head}Transfer-Encoding: chunked\r\n\r\n2\r\n[]\r\n`,
      'outage',
    ],
    ['of nothing', '', 'outage'],
  ])) {
    test(`${name} stores nothing`, async (t) => {
      const on = await behind_a_front(t);
      on.front.goes_wrong(says(bytes));
      await outlives(on, condition);
    });
  }

  test('but a second answer is not taken for the next', async (t) => {
    const { front, stage } = await behind_a_front(t);
    front.goes_wrong(
      (socket, answer) => {
        answer.once('finish', () => socket.write('HTTP/1.1 204 No Content\r\n\r\n'.repeat(50)));
        answer.writeHead(200, { 'content-type': 'application/json' }).end('[]');
      },
      { stores: true },
    );
    await stage.posts(statements(3));
    await stage.books({ delivered: 3, waiting: 0 });
    front.goes_wrong((socket) => socket.destroy());
    await stage.posts(statements(3));
    await stage.condition('outage');
    await stage.books({ delivered: 3, waiting: 3 });
    front.is_well();
    await stage.ends();
  });
});

describe('a redirect', { concurrency: true }, () => {
  for (const location of [
    'http://169.254.169.254/latest/meta-data/',
    'file:///etc/passwd',
    '//localhost:1/',
  ]) {
    test(`to ${location} is not followed`, async (t) => {
      const on = await behind_a_front(t);
      on.front.goes_wrong(says(`HTTP/1.1 302 Found\r\nLocation: ${location}\r\n\r\n`));
      await outlives(on, 'blocked');
      const [{ status, failure }] = on.stage.relay.log('batch not stored');
      assert.deepEqual([status, failure], [302, 'none']);
    });
  }
});
