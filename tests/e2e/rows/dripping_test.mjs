// An answer that comes so slowly that it never ends, and never stands still either.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { behind_a_front, json_head, outlives } from './bad_faith.mjs';

const drip_ms = 10_000;

describe('an answer in drips', { concurrency: true }, () => {
  for (const [name, head, drops] of [
    ['of its head', 'HTTP/1.1 2', '0'],
    ['of its body', `${json_head}Content-Length: 1000\r\n\r\n[`, ' '],
  ]) {
    test(`${name}, one byte every ten seconds`, async (t) => {
      const on = await behind_a_front(t);
      on.front.goes_wrong(
        (socket) => {
          socket.write(head);
          on.front.drip(socket, drops, drip_ms);
        },
        { stores: true },
      );
      await outlives(on, 'outage');
      assert.equal(on.stage.relay.log('batch not stored')[0].failure, 'timeout');
    });
  }
});
