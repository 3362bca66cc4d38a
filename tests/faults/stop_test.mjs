// The relay is told to stop under full load, once, or again while it drains. It ends in order each
// time, and nothing acknowledged is lost or delivered twice as another statement.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { practice_lrs } from '../e2e/support/practice_lrs.mjs';
import { running_relay } from '../e2e/support/relay.mjs';
import { statements } from '../e2e/support/statements.mjs';
import { until } from '../e2e/support/until.mjs';
import { learners_at } from './learners.mjs';
import { assert_each_once, deliver } from './oracle.mjs';

const stops = 6;
const learners = 16;

for (const [name, answers_late, last_words] of /** @type {const} */ ([
  ['once', false, 'stopped'],
  ['again while it drains', true, 'stopped at once'],
])) {
  test(`nothing is lost when the relay is told to stop under load, ${name}`, async (t) => {
    const lrs = await practice_lrs(t, 'canary-faults');
    const relay = await running_relay(t, {
      faults: [
        { url: lrs.xapi_url, api_secret: lrs.api_secret, settings: 'update_interval_s = 1' },
      ],
    });
    const load = learners_at(relay, learners);
    for (let i = 0; i < stops; ++i) {
      const before = load.acknowledged.length;
      await until('there is load', () => load.acknowledged.length > before + 200);
      if (answers_late) {
        await lrs.goes_wrong({ delay_ms: 60_000, count: 1 });
        await until('a batch is on its way', async () => !(await lrs.is_to_go_wrong()));
      }
      relay.signal('SIGTERM');
      if (answers_late) {
        await until('it is stopping', () => relay.log('stopping').length > i);
        relay.signal('SIGTERM');
      }
      assert.equal(await relay.ended, 'exit code 0');
      assert.equal(relay.log(last_words).length, i + 1);
      await lrs.is_well();
      await relay.start();
    }
    await load.end();
    t.diagnostic(`${load.acknowledged.length} acknowledged, ${load.refusals} times refused`);
    assert.ok(load.refusals > 0, 'the stops were felt');
    await assert_each_once(relay, lrs, load.acknowledged);
    const fresh = statements(5);
    await deliver(relay, fresh);
    await assert_each_once(relay, lrs, [...load.acknowledged, ...fresh]);
  });
}
