// What people do to the relay's folder.
import assert from 'node:assert/strict';
import { cpSync, rmSync } from 'node:fs';
import { test } from 'node:test';

import { practice_lrs } from '../e2e/support/practice_lrs.mjs';
import { running_relay } from '../e2e/support/relay.mjs';
import { statements } from '../e2e/support/statements.mjs';
import { until } from '../e2e/support/until.mjs';
import { assert_each_once, deliver } from './oracle.mjs';

const only_files = {
  recursive: true,
  filter: (/** @type {string} */ path) => !path.endsWith('/control'), // a socket
};

/** @param {import('node:test').TestContext} t */
async function stage(t) {
  const lrs = await practice_lrs(t, 'canary-faults');
  const relay = await running_relay(t, {
    faults: [{ url: lrs.xapi_url, api_secret: lrs.api_secret, settings: 'update_interval_s = 1' }],
  });
  return { lrs, relay };
}

test("last week's copy of the folder put back sends what waited then, once more", async (t) => {
  const { lrs, relay } = await stage(t);
  const copy = `${relay.folder}/copy`;
  const before = statements(30);
  await deliver(relay, before);
  await assert_each_once(relay, lrs, before);
  await lrs.stop();
  const waiting = statements(30);
  await deliver(relay, waiting);
  await relay.stop();
  cpSync(relay.store_folder, copy, only_files);
  await lrs.start(); // It has forgotten what came before.
  await relay.start();
  const since = statements(30);
  await deliver(relay, since);
  await assert_each_once(relay, lrs, [...waiting, ...since]);

  await relay.stop();
  rmSync(relay.store_folder, { recursive: true });
  cpSync(copy, relay.store_folder, only_files);
  await relay.start();
  const after = statements(30);
  await deliver(relay, after);
  await deliver(relay, since.slice(0, 10)); // They are new to it: the LRS knows better.
  await deliver(relay, before.slice(0, 10)); // It has delivered these.
  await assert_each_once(relay, lrs, [...waiting, ...since, ...after]);
});

test('a second relay on the folder is refused with a sentence, and the first goes on', async (t) => {
  const { lrs, relay } = await stage(t);
  const first = statements(10);
  await deliver(relay, first);
  const { code, errors, output } = await relay.command('serve');
  assert.equal(code, 1);
  assert.match(errors + output, /another relay uses this folder/);
  const second = statements(10);
  await deliver(relay, second);
  await assert_each_once(relay, lrs, [...first, ...second]);
});

test('a folder that goes away under the relay is refused at the door, not lost in silence', async (t) => {
  const { relay } = await stage(t);
  await deliver(relay, statements(5));
  rmSync(relay.store_folder, { recursive: true });
  const answer = await relay.answer_to(statements(1));
  assert.equal(answer.status, 503);
  assert.equal((await answer.json()).error.code, 'storage-failed');
  await until('the operator is told', () => /was taken away or replaced/.test(relay.log_text));
});
