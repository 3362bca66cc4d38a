// 401: all is kept, a human is told at once and once, and a new secret heals at once.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { webhook_server } from '../alert_receivers.mjs';
import { statements } from '../support/statements.mjs';
import { on_stage } from './stage.mjs';

/** @typedef {import('./stage.mjs').Stage} Stage */

/** The relay has an old secret. @param {import('node:test').TestContext} t */
async function refused_key(t, more = '') {
  const stage = await on_stage(t, { more });
  const right = stage.destination.api_secret;
  stage.destination.api_secret = 'canary-old-secret';
  await stage.relay.reload();
  await stage.posts(statements(30));
  await stage.condition('blocked');
  return { stage, right };
}

/** Probes are single statements, each another one. @param {Stage} stage */
async function single_requests(stage) {
  const [, ...probes] = await stage.lrs.posts();
  const longest = Math.max(...stage.posted.map(({ text }) => Buffer.byteLength(text)));
  for (const { bytes } of probes) assert.ok(bytes <= longest + 2, `${bytes} bytes`);
  return probes.length;
}

describe('401', { concurrency: true }, () => {
  test('blocks, is told once, and ends with the new secret', async (t) => {
    const { calls, url } = await webhook_server(t);
    const { stage, right } = await refused_key(t, `webhook_url = "${url}"\n`);
    const [{ body }] = await calls.until(1, ({ body: { alert } }) => alert === 'blocked');
    assert.deepEqual(
      [body.phase, body.cause, body.status, body.waiting],
      ['began', 'unauthorized', 401, 30],
    );
    await stage.requests(2);
    stage.destination.api_secret = 'canary-another-wrong-secret';
    await stage.relay.reload();
    await stage.requests(3);
    await single_requests(stage);
    await stage.books({ delivered: 0, dead_letters: 0, waiting: 30 });

    const before = (await stage.lrs.posts()).length;
    stage.destination.api_secret = right;
    await stage.relay.reload();
    await stage.ends();
    const after = (await stage.lrs.posts()).slice(before);
    assert.ok(after.every(({ status }) => status === 200));
    const hooked = await calls.until(2, ({ body: { alert } }) => alert === 'blocked');
    assert.equal(hooked[1].body.phase, 'ended');
    assert.deepEqual(await stage.alerts(2), ['blocked began', 'blocked ended']);
    assert.ok(!stage.relay.log_text.includes('canary'));
    assert.ok(!JSON.stringify(calls.all.map((call) => call.body)).includes('canary-'));
  });

  test('blocks beyond a restart', async (t) => {
    const { stage, right } = await refused_key(t);
    await stage.relay.stop();
    const before = (await stage.lrs.posts()).length;
    await stage.relay.start();
    await stage.condition('blocked');
    await stage.requests(before + 1);
    await single_requests(stage);
    const [{ blocked, waiting }] = await stage.relay.ask('destinations', 'list');
    assert.deepEqual([blocked, waiting], ['unauthorized', 30]);
    stage.destination.api_secret = right;
    await stage.relay.reload();
    await stage.ends();
  });
});
