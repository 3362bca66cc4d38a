// Everything that says "not now", and silence: the same again, without end, and nothing buried.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { poison_verb, statements, statements_with_bad } from '../support/statements.mjs';
import { until } from '../support/until.mjs';
import { on_stage } from './stage.mjs';

/** @typedef {import('./stage.mjs').Stage} Stage */

/** @param {Stage} stage */
async function told_of_outage(stage) {
  assert.deepEqual(await stage.alerts(2), ['outage began', 'outage ended']);
  assert.ok((await stage.lrs.statements()).every(({ sent_differently }) => sent_differently === 0));
}

/** Batches that failed, by the word of the log. @param {Stage} stage @param {string} failure */
async function failed_by(stage, failure) {
  await until(`a failure: ${failure}`, () => stage.relay.log('batch not stored', { failure })[0], {
    otherwise: () => stage.relay.log('batch not stored'),
  });
}

describe('not now', { concurrency: true }, () => {
  for (const status of [408, 425, 500, 501, 502, 503, 504, 599]) {
    test(`${status} is waited out, and told`, async (t) => {
      const stage = await on_stage(t);
      await stage.lrs.goes_wrong({ status, count: 4 });
      await stage.posts(statements(20));
      await stage.ends();
      const all = await stage.lrs.posts();
      assert.deepEqual(
        all.map((request) => request.status),
        [status, status, status, status, 200],
      );
      assert.equal(new Set(all.map(({ bytes }) => bytes)).size, 1, 'the same bytes each time');
      await told_of_outage(stage);
    });
  }

  for (const status of [502, 503, 504]) {
    test(`${status} with a Retry-After is obeyed`, async (t) => {
      const stage = await on_stage(t);
      await stage.lrs.goes_wrong({ status, retry_after: '5', count: 1 });
      await stage.posts(statements(3));
      await stage.ends();
      const [first, second] = await stage.lrs.posts();
      assert.ok(second.time_ms - first.time_ms >= 5_000);
      await told_of_outage(stage);
    });
  }

  test('500 for everything, however often, buries nothing', async (t) => {
    const stage = await on_stage(t);
    await stage.lrs.goes_wrong({ status: 500 });
    await stage.posts(statements(1));
    await stage.requests(8);
    await stage.books({ accepted: 1, dead_letters: 0, waiting: 1 });
    assert.deepEqual(await stage.alerts(1), ['outage began']);
  });

  test('503 for one statement holds back this one, and never buries it', async (t) => {
    const stage = await on_stage(t);
    await stage.lrs.goes_wrong({ poison_verb, status: 503 });
    await stage.posts(statements_with_bad(10, [4]));
    await stage.books({ delivered: 9, waiting: 1 });
    const alone = () => stage.relay.log('batch not stored', { statements: 1, status: 503 }).length;
    const before = alone();
    await until('it is tried again', () => alone() > before + 1);
    await stage.books({ dead_letters: 0, waiting: 1 });
    await stage.lrs.is_well();
    await stage.ends();
  });
});

describe('no answer', { concurrency: true }, () => {
  test('a reset before storing', async (t) => {
    const stage = await on_stage(t);
    await stage.lrs.goes_wrong({ reset: 'before', count: 2 });
    await stage.posts(statements(20));
    await failed_by(stage, 'reset');
    await stage.ends();
    assert.ok((await stage.lrs.statements()).every(({ sent }) => sent === 1));
    await told_of_outage(stage);
  });

  test('a reset after storing makes a repeat, which changes nothing', async (t) => {
    const stage = await on_stage(t);
    await stage.lrs.goes_wrong({ reset: 'after', count: 2 });
    await stage.posts(statements(20));
    await failed_by(stage, 'reset');
    await stage.ends();
    assert.ok((await stage.lrs.statements()).every(({ sent }) => sent === 3));
    await told_of_outage(stage);
  });

  test('an LRS that hangs', async (t) => {
    const stage = await on_stage(t);
    await stage.lrs.goes_wrong({ delay_ms: 100_000, count: 1 });
    await stage.posts(statements(20));
    await failed_by(stage, 'timeout');
    await stage.ends();
    assert.ok((await stage.lrs.statements()).every(({ sent }) => sent === 2));
    await told_of_outage(stage);
  });

  test('nobody listens', async (t) => {
    const stage = await on_stage(t);
    await stage.lrs.stop();
    await stage.posts(statements(20));
    await failed_by(stage, 'refused');
    await stage.books({ delivered: 0, dead_letters: 0, waiting: 20 });
    await stage.lrs.start();
    await stage.ends();
    await told_of_outage(stage);
  });

  test('a host that has no address', async (t) => {
    const stage = await on_stage(t, { url: 'http://nobody.invalid/xapi/' });
    await stage.posts(statements(20));
    await failed_by(stage, 'name not found');
    assert.deepEqual(await stage.alerts(1), ['outage began']);
    await stage.books({ delivered: 0, dead_letters: 0, waiting: 20 });
    assert.equal(await stage.relay.is_in('blocked'), false);
    await stage.relay.stop();
    await stage.relay.start();
    await stage.books({ delivered: 0, dead_letters: 0, waiting: 20 });
  });
});
