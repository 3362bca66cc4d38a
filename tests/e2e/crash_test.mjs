// What the relay acknowledged is in the LRS in the end, each id once, however the relay went down.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { LoadClient } from './load_client.mjs';
import { metric, running_stack, statements_in_lrs } from './test_stack.mjs';

const kills = 6;
const acknowledged_between_kills_max = 400;

/** @typedef {import('../../demo/servers/stack.mjs').Stack} Stack */

/** @param {Stack} stack @param {import('node:test').TestContext} t */
function learners_at(stack, t) {
  const origin = stack.course_url.replace(/\/$/, '');
  const load = new LoadClient({ url: `${origin}/waypost/post`, origin, connections: 16 });
  t.after(() => load.agent.destroy());
  return load;
}

/** @param {Stack} stack @param {LoadClient} load */
async function assert_each_once(stack, load) {
  const ids = load.acknowledged;
  const arrived = await statements_in_lrs(stack, ids.size);
  const arrived_ids = new Set(arrived.map(({ id }) => id));
  assert.deepEqual(
    Array.from(ids).filter((id) => !arrived_ids.has(id)),
    [],
    'every acknowledged statement is in the LRS',
  );
  assert.equal(arrived.length, arrived_ids.size, 'no id is there twice');
  assert.deepEqual(
    arrived.filter(({ sent_differently }) => sent_differently > 0),
    [],
    'a repeat has the same bytes',
  );
  assert.equal(arrived.length, ids.size, 'and nothing else');
  assert.equal(await metric(stack, 'waypost_ledger_imbalance'), 0);
  return arrived;
}

test('kill -9 of the relay under load loses nothing that it acknowledged', async (t) => {
  const { stack } = await running_stack(t);
  const load = learners_at(stack, t);
  for (let i = 0; i < kills; ++i) {
    const count = 1 + Math.floor(Math.random() * acknowledged_between_kills_max);
    await load.more_acknowledged(count);
    await stack.relay.kill();
    await stack.relay.start();
  }
  await load.more_acknowledged(acknowledged_between_kills_max);
  await load.stop();
  t.diagnostic(`${load.acknowledged.size} acknowledged, ${load.failed_attempts} failed attempts`);
  assert.ok(load.failed_attempts > 0, 'the kills were felt');
  await assert_each_once(stack, load);
});

test('SIGTERM under load ends the relay in order, and loses nothing', async (t) => {
  const { stack } = await running_stack(t);
  const load = learners_at(stack, t);
  await load.more_acknowledged(500);
  await stack.relay.stop();
  assert.equal(stack.relay.how_it_ended, 'exit code 0');
  await stack.relay.start();
  await load.more_acknowledged(100);
  await load.stop();
  const arrived = await assert_each_once(stack, load);
  assert.deepEqual(
    arrived.filter(({ sent }) => sent > 1),
    [],
    'a relay that drained has settled what it sent',
  );
});

test('statements wait out an LRS that is down, and arrive when it is back', async (t) => {
  const { stack } = await running_stack(t);
  const load = learners_at(stack, t);
  await load.more_acknowledged(50);
  await stack.lrs.stop();
  await load.more_acknowledged(200);
  await load.stop();
  await stack.lrs.start();
  await assert_each_once(stack, load);
});
