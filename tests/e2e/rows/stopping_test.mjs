// The end of a relay while it waits: in order, or at once when the operator insists.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { describe, test } from 'node:test';

import { statements } from '../support/statements.mjs';
import { until } from '../support/until.mjs';
import { on_stage } from './stage.mjs';

/** An LRS that has what was sent, and says so later. @param {import('node:test').TestContext} t */
async function waiting_for_an_answer(t, delay_ms = 60_000) {
  const stage = await on_stage(t, { interval_s: 0 });
  await stage.lrs.goes_wrong({ delay_ms, count: 1 });
  await stage.posts(statements(1));
  await stage.requests(1);
  return stage;
}

/** @param {import('./stage.mjs').Stage} stage */
async function comes_back_with_all(stage) {
  await stage.lrs.is_well();
  await stage.relay.start();
  await stage.ends();
  assert.ok((await stage.lrs.statements()).every(({ sent }) => sent === 2));
}

describe('SIGTERM', { concurrency: true }, () => {
  test('waits for the answer of the LRS', async (t) => {
    const stage = await waiting_for_an_answer(t, 5_000);
    await stage.relay.stop();
    assert.equal(stage.relay.log('stopped').length, 1);
    await stage.relay.start();
    await stage.ends();
    assert.equal((await stage.lrs.statements())[0].sent, 1);
  });

  test('twice ends it at once, while it waits for an LRS', async (t) => {
    const stage = await waiting_for_an_answer(t);
    stage.relay.signal('SIGTERM');
    await until('it is stopping', () => stage.relay.log('stopping')[0]);
    stage.relay.signal('SIGTERM');
    assert.equal(await stage.relay.ended, 'exit code 0');
    assert.equal(stage.relay.log('stopped at once').length, 1);
    assert.equal(stage.relay.log('stopped').length, 0);
    await comes_back_with_all(stage);
  });

  test('twice ends it at once, while a page is slow', async (t) => {
    const stage = await waiting_for_an_answer(t);
    const page = connect(stage.relay.public_port, '127.0.0.1');
    page.on('error', () => {}); // the relay ends under it
    t.after(() => page.destroy());
    page.write('POST /waypost/post HTTP/1.1\r\nHost: relay\r\nContent-Length: 100\r\n\r\n{');
    await until('the page is connected', async () => {
      return (await stage.relay.gauge('waypost_connections')) > 0;
    });
    stage.relay.signal('SIGTERM');
    await until('it is stopping', () => stage.relay.log('stopping')[0]);
    stage.relay.signal('SIGTERM');
    assert.equal(await stage.relay.ended, 'exit code 0');
    assert.equal(stage.relay.log('stopped at once').length, 1);
    await comes_back_with_all(stage);
  });
});
