// The relay is killed again and again under load, while its LRS resets connections before and after
// it has stored.
import assert from 'node:assert/strict';
import process from 'node:process';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import { practice_lrs } from '../e2e/support/practice_lrs.mjs';
import { running_relay } from '../e2e/support/relay.mjs';
import { statements } from '../e2e/support/statements.mjs';
import { learners_at } from './learners.mjs';
import { assert_each_once, deliver } from './oracle.mjs';

const kills = Number(process.env.WAYPOST_FAULTS_KILLS ?? 25);
const learners = 8;
const life_ms_max = 250;

test(`nothing acknowledged is lost when the relay is killed ${kills} times`, async (t) => {
  const lrs = await practice_lrs(t, 'canary-faults');
  const relay = await running_relay(t, {
    faults: [{ url: lrs.xapi_url, api_secret: lrs.api_secret, settings: 'update_interval_s = 1' }],
  });
  await lrs.goes_wrong(
    Array.from({ length: kills }, (_, index) => ({
      reset: index % 2 === 0 ? 'after' : 'before',
      count: 1,
    })),
  );
  const load = learners_at(relay, learners);
  for (let i = 0; i < kills; ++i) {
    await pause(Math.random() * life_ms_max); // At any instant of its life.
    await relay.kill();
    await relay.start();
  }
  await load.end();
  await lrs.is_well();
  t.diagnostic(`${load.acknowledged.length} acknowledged, ${load.refusals} times refused`);
  assert.ok(load.refusals > 0, 'the kills were felt');
  await deliver(relay, statements(0)); // It answers.
  await assert_each_once(relay, lrs, load.acknowledged);
});
