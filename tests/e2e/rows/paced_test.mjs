// 429: Retry-After is obeyed in every shape, and without it the relay goes slower by itself.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { statements } from '../support/statements.mjs';
import { on_stage } from './stage.mjs';

/** The least time between an answer of 429 and the next batch. */
const slowest_pace_at_first_ms = 1_000;

/** @typedef {import('../support/practice_lrs.mjs').LoggedRequest} LoggedRequest */

/** Times between the requests. @param {LoggedRequest[]} all */
const gaps_ms = (all) => all.slice(1).map(({ time_ms }, index) => time_ms - all[index].time_ms);

describe('429', { concurrency: true }, () => {
  for (const [name, retry_after, at_least_ms] of /** @type {[string, () => string, number][]} */ ([
    ['in seconds', () => '4', 4_000],
    ['as a date', () => new Date(Date.now() + 6_000).toUTCString(), 2_500],
    ['of nothing', () => '0', slowest_pace_at_first_ms],
    ['in the past', () => 'Fri, 31 Dec 1999 23:59:59 GMT', slowest_pace_at_first_ms],
    ['less than nothing', () => '-5', slowest_pace_at_first_ms],
    ['in words', () => 'soon', slowest_pace_at_first_ms],
    ['in powers of ten', () => '1e12', slowest_pace_at_first_ms],
  ])) {
    test(`with a Retry-After ${name}`, async (t) => {
      const stage = await on_stage(t, { interval_s: 0 });
      await stage.lrs.goes_wrong({ status: 429, retry_after: retry_after(), count: 1 });
      await stage.posts(statements(1));
      await stage.ends();
      const [gap_ms] = gaps_ms(await stage.lrs.posts());
      assert.ok(gap_ms >= at_least_ms, `${gap_ms} ms`);
      assert.deepEqual(await stage.alerts(2), ['outage began', 'outage ended']);
    });
  }

  test('without Retry-After slows down, and each success makes it quicker', async (t) => {
    const stage = await on_stage(t, { settings: 'batch_count_max = 10' });
    await stage.lrs.goes_wrong({ status: 429, count: 2 });
    await stage.posts(statements(50));
    await stage.ends();
    const all = await stage.lrs.posts();
    assert.equal(all.length, 7);
    const gaps = gaps_ms(all);
    // The second 429 has doubled the pace; the first success halves it, the next ends it.
    assert.ok(gaps[0] >= 1_000 && gaps[1] >= 2_000 && gaps[2] >= 1_000, String(gaps));
  });

  test('with a Retry-After without end sends nothing, loses nothing, forgets nothing', async (t) => {
    const stage = await on_stage(t, { interval_s: 0 });
    await stage.lrs.goes_wrong({ status: 429, retry_after: '1000000000000' });
    const [asked_to_wait] = await stage.posts(statements(1));
    assert.deepEqual(await stage.alerts(1), ['outage began']);
    await stage.lrs.is_well();
    await stage.posts(statements(5));
    assert.equal((await stage.lrs.posts()).length, 1);
    await stage.relay.stop();
    await stage.relay.start();
    // What has not been sent yet was not asked to wait.
    await stage.posts(statements(5));
    await stage.books({ accepted: 11, delivered: 10, dead_letters: 0, waiting: 1 });
    await stage.lrs_has_once(stage.posted.filter((one) => one !== asked_to_wait));
  });
});
