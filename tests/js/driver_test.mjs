// The driver between an engine that says what to do and a queue that does it.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Driver } from '../../js/driver.js';
import { create_emitter } from '../../js/event_emitter.js';
import { create_memory_queue } from '../../js/queue_memory.js';
import { no_answer } from '../../js/post_answer.js';

/** An engine that asks for these actions after the next fact, and notes the facts. */
function scripted_engine() {
  const facts = [];
  const waiting_for = new Map();
  const engine = new Proxy(
    { actions: [], facts, wakeup_ms: null },
    {
      get(target, name) {
        if (name === 'next_action') return () => target.actions.shift() ?? null;
        if (name === 'next_wakeup') return () => target.wakeup_ms;
        if (name === 'heard') {
          return (fact) => new Promise((resolve) => waiting_for.set(fact, resolve));
        }
        if (name in target) return target[name];
        return (...details) => {
          facts.push([name, ...details]);
          waiting_for.get(name)?.(details);
        };
      },
    },
  );
  return engine;
}

async function make_driver({ post = async () => no_answer('network'), rows = 0 } = {}) {
  const queue = create_memory_queue();
  for (let index = 0; index < rows; ++index) {
    const row = { id: `id${index}`, body: '{}', bytes: 2, group: '', lane: 'a' };
    await queue.append({ ...row, kind: 'statement', captured_ms: 0, attempts: 0, next_at_ms: 0 });
  }
  const timers = [];
  const clock = {
    now_ms: () => 1000,
    set_timer: (run, delay_ms) => timers.push({ run, delay_ms }),
    clear_timer: () => {},
  };
  const engine = scripted_engine();
  const emitter = create_emitter();
  const settings = { interval_ms: 5000 };
  const failures = [];
  const failed = (error) => failures.push(error);
  const parts = {
    engine,
    settings,
    queue,
    post,
    clock,
    emitter,
    outlive_page: () => false,
    take_turn: (send) => send(),
    failed,
  };
  return { driver: new Driver(parts), queue, engine, emitter, timers, parts, failures };
}

const all_stored = async (rows) => ({
  ...no_answer('network'),
  outcome: {
    status: 200,
    failure: 'none',
    retry_after_ms: null,
    extent: 'per-entry',
    results: rows.map(({ seq }) => ({ key: seq, answer: 'stored' })),
  },
});

test('what another tab took out of the queue counts as stored, and the rest is sent', async () => {
  const { driver, queue, engine } = await make_driver({ rows: 3, post: all_stored });
  await queue.remove([2]);
  engine.actions.push({ type: 'send', batch: 7, keys: [1, 2, 3], probe: false });
  driver.start();
  const [batch, outcome] = await engine.heard('outcome');
  assert.equal(batch, 7);
  assert.deepEqual(outcome.results.map(({ key }) => key).sort(), [1, 2, 3]);
  assert.ok(outcome.results.every(({ answer }) => answer === 'stored'));
});

test('when nothing of a batch is left, nothing is sent', async () => {
  const post = () => assert.fail('must not send');
  const { driver, engine } = await make_driver({ post });
  engine.actions.push({ type: 'send', batch: 1, keys: [8, 9], probe: false });
  driver.start();
  const [, outcome] = await engine.heard('outcome');
  assert.deepEqual(
    [outcome.status, outcome.extent, outcome.results.map(({ key }) => key)],
    [200, 'per-entry', [8, 9]],
  );
});

test('after an attempt without an answer nothing counts as stored', async () => {
  const { driver, queue, engine } = await make_driver({ rows: 2 });
  await queue.remove([1]);
  engine.actions.push({ type: 'send', batch: 1, keys: [1, 2], probe: false });
  driver.start();
  const [, outcome] = await engine.heard('outcome');
  assert.deepEqual(outcome, no_answer('network').outcome);
});

test('a queue that cannot be read is told, and the engine asks again later', async (t) => {
  const error = t.mock.method(console, 'error', () => {});
  const { driver, queue, engine } = await make_driver({ rows: 1 });
  queue.load = queue.read = () => Promise.reject(new Error('the disk is gone'));
  engine.actions.push({ type: 'load', after_key: 0, count_max: 10 });
  engine.actions.push({ type: 'send', batch: 1, keys: [1], probe: false });
  driver.start();
  const [loaded, [, outcome]] = await Promise.all([
    engine.heard('loaded'),
    engine.heard('outcome'),
  ]);
  assert.deepEqual(loaded, [[], true, 1000]);
  assert.equal(outcome.failure, 'network');
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(error.mock.callCount(), 1);
});

test('an engine that fails is told of once, and asked no more', async () => {
  const { driver, parts, failures } = await make_driver();
  const error = new Error('out of memory');
  parts.engine = {
    started() {
      throw error;
    },
  };
  driver.start();
  driver.flush();
  assert.deepEqual(failures, [error]);
});

test('the timer is set to when the engine wants it, never in the past', async () => {
  const { driver, engine, timers } = await make_driver();
  engine.wakeup_ms = 1250;
  driver.start();
  engine.wakeup_ms = 10;
  driver.flush();
  engine.wakeup_ms = null;
  timers[1].run();
  assert.deepEqual(
    timers.map(({ delay_ms }) => delay_ms),
    [250, 0],
  );
  assert.deepEqual(engine.facts.at(-1), ['timer', 1000]);
});

test('a dead letter keeps the reason that the relay gave', async () => {
  const violations = [{ path: '', rule: 'r', message: 'm' }];
  const post = async (rows) => {
    const reading = await all_stored(rows);
    reading.outcome.results = [{ key: 1, answer: 'refused' }];
    return { ...reading, refusals: [{ key: 1, id: 'id0', kept: false, violations }] };
  };
  const { driver, queue, engine, emitter } = await make_driver({ rows: 1, post });
  const told = new Promise((resolve) => emitter.on('rejected', resolve));
  const buried = new Promise((resolve) => (queue.bury = async (letters) => resolve(letters)));
  engine.actions.push({ type: 'send', batch: 1, keys: [1], probe: false });
  driver.start();
  await engine.heard('outcome');
  engine.actions.push({ type: 'bury', keys: [1] });
  driver.flush();
  assert.deepEqual(await buried, [{ seq: 1, reason: violations }]);
  assert.deepEqual((await told).violations, violations);
});
