import assert from 'node:assert/strict';
import { test } from 'node:test';

import { CoreError } from '../../js/core.js';
import { destroy_engine, stop_engine } from './engine_end.mjs';
import { load } from './module.mjs';

const settings = {
  hop: /** @type {const} */ ('relay'),
  interval_ms: 5000,
  batch_count_max: 100,
  batch_count_soon: 20,
  batch_bytes_max: 100_000,
  backoff_base_ms: 2000,
};

const entry = (key, others = {}) => ({
  key,
  group: 'ticket',
  lane: 'lärner ☃',
  bytes: 700,
  attempts: 0,
  next_at_ms: 0,
  ...others,
});

const outcome = (others) => ({
  status: 200,
  failure: 'none',
  retry_after_ms: null,
  extent: 'none',
  results: [],
  ...others,
});

const now_ms = 1_795_420_800_000;

function actions_of(engine) {
  const actions = [];
  for (let action = engine.next_action(); action; action = engine.next_action())
    actions.push(action);
  return actions;
}

async function started_engine(seed = 1) {
  const engine = (await load()).create_engine(settings, seed);
  engine.started(now_ms);
  assert.deepEqual(actions_of(engine), [{ type: 'load', after_key: 0, count_max: 1000 }]);
  engine.loaded([], false, now_ms);
  return engine;
}

test('an entry is sent at the interval and removed when the relay has it', async () => {
  const engine = await started_engine();
  assert.equal(engine.next_wakeup(), null);
  engine.enqueued(entry(1), now_ms);
  engine.enqueued(entry(2), now_ms);
  assert.deepEqual(actions_of(engine), []);
  assert.equal(engine.next_wakeup(), now_ms + 5000);
  engine.timer(now_ms + 5000);
  assert.deepEqual(actions_of(engine), [{ type: 'send', batch: 1, keys: [1, 2], probe: false }]);
  engine.outcome(
    1,
    outcome({
      extent: 'per-entry',
      results: [
        { key: 1, answer: 'stored' },
        { key: 2, answer: 'refused' },
      ],
    }),
    now_ms + 5100,
  );
  assert.deepEqual(actions_of(engine), [
    { type: 'remove', keys: [1] },
    { type: 'bury', keys: [2] },
  ]);
  assert.equal(engine.next_wakeup(), null);
  destroy_engine(engine);
});

test('what was loaded is sent at once, and an outage waits as the relay asks', async () => {
  const engine = await started_engine();
  engine.loaded([entry(7), entry(9, { group: 'other', lane: 'b' })], false, now_ms);
  assert.deepEqual(actions_of(engine), [{ type: 'send', batch: 1, keys: [7], probe: false }]);
  engine.outcome(1, outcome({ status: 503, retry_after_ms: 60_000 }), now_ms);
  assert.deepEqual(actions_of(engine), [
    { type: 'defer', keys: [7], until_ms: now_ms + 60_000 },
    { type: 'report', condition: 'outage', raised: true, status: 503, failure: 'none' },
  ]);
  engine.online(now_ms);
  assert.equal(engine.next_wakeup(), now_ms + 60_000);
});

test('a block is reported and a change of settings tried at once', async () => {
  const engine = await started_engine(0xfedc_ba98_7654_3210n);
  engine.enqueued(entry(1), now_ms);
  engine.flush(now_ms);
  actions_of(engine);
  engine.outcome(1, outcome({ status: 0, failure: 'tls' }), now_ms);
  assert.deepEqual(actions_of(engine), [
    { type: 'report', condition: 'blocked', raised: true, status: 0, failure: 'tls' },
  ]);
  engine.settings_changed({ ...settings, interval_ms: 1000 }, now_ms);
  assert.deepEqual(actions_of(engine), [{ type: 'send', batch: 2, keys: [1], probe: true }]);
  stop_engine(engine, now_ms);
  assert.equal(engine.next_wakeup(), null);
});

test('a full window of entries goes through the memory', async () => {
  const engine = await started_engine();
  const entries = Array.from({ length: 1000 }, (_, index) =>
    entry(index + 1, { group: 'ü'.repeat(index % 9), lane: '☃'.repeat(index % 9) }),
  );
  engine.loaded(entries, true, now_ms);
  const [send] = actions_of(engine);
  assert.equal(send.type, 'send');
  assert.deepEqual(send.keys.slice(0, 3), [1, 10, 19]);
});

test('engines do not share anything', async () => {
  const core = await load();
  const first = core.create_engine(settings, 1);
  const second = core.create_engine(settings, 1);
  first.started(now_ms);
  assert.deepEqual(actions_of(second), []);
  assert.equal(actions_of(first).length, 1);
  destroy_engine(first);
  second.started(now_ms);
  assert.equal(actions_of(second).length, 1);
});

test('what cannot be read is refused and changes nothing', async () => {
  const core = await load();
  const is_bad_request = (error) => error instanceof CoreError && error.code === 'bad-request';
  for (const wrong of [{ hop: 'lorry' }, { interval_ms: NaN }, { batch_bytes_max: -1 }]) {
    assert.throws(() => core.create_engine({ ...settings, ...wrong }, 1), is_bad_request);
  }
  const engine = await started_engine();
  for (const wrong of [{ key: 0 }, { key: 2 ** 60 }, { bytes: -1 }, { attempts: NaN }]) {
    assert.throws(() => engine.enqueued(entry(1, wrong), now_ms), is_bad_request);
  }
  assert.throws(() => engine.timer(NaN), is_bad_request);
  assert.throws(() => engine.outcome(1, outcome({ failure: 'bored' }), now_ms), is_bad_request);
  assert.equal(engine.next_wakeup(), null);
});
