// The one policy of pages without an engine.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { create_emitter } from '../../js/event_emitter.js';
import { FallbackSender } from '../../js/fallback/sender.js';
import { create_memory_queue } from '../../js/queue_memory.js';
import { no_answer } from '../../js/post_answer.js';

const half = 2 ** 31;

/** A clock that stands still until the test rings its one timer. */
function scripted_clock() {
  const clock = {
    time_ms: 1000,
    timer: undefined,
    now_ms: () => clock.time_ms,
    set_timer(run, delay_ms) {
      assert.equal(clock.timer, undefined, 'one timer at a time');
      clock.timer = { run, delay_ms };
      clock.heard?.();
      return 1;
    },
    clear_timer: () => void (clock.timer = undefined),
    ring() {
      const { run, delay_ms } = clock.timer;
      clock.timer = undefined;
      clock.time_ms += delay_ms;
      run();
    },
    /** Resolves with the delay of the timer that is set next, or is set. */
    async next_delay() {
      if (clock.timer === undefined) await new Promise((resolve) => (clock.heard = resolve));
      return clock.timer.delay_ms;
    },
  };
  return clock;
}

/** `answers` are taken in turn: a reading, or what makes one of the rows that were sent. */
async function make_sender({ rows = [], answers = [] }) {
  const queue = create_memory_queue();
  const clock = scripted_clock();
  const emitter = create_emitter();
  const requests = [];
  const heard = [];
  for (const name of ['delivered', 'rejected', 'blocked']) {
    emitter.on(name, (detail) => heard.push([name, detail]));
  }
  const sender = new FallbackSender({
    queue,
    clock,
    emitter,
    random_uint32: () => half,
    take_turn: (send) => send(),
    interval_ms: 5000,
    outlive_page: () => false,
    async post(sent) {
      requests.push(sent.map(({ id }) => id));
      const answer = answers.shift() ?? ((rows_sent) => fates(rows_sent, () => 'stored'));
      return typeof answer === 'function' ? answer(sent) : answer;
    },
  });
  const append = async (row) => {
    const known = { kind: 'event', body: '{}', bytes: 2, group: 'events', lane: '' };
    const times = { captured_ms: 0, attempts: 0, next_at_ms: 0 };
    await queue.append({ ...known, ...times, ...row }, false);
  };
  for (const row of rows) await append(row);
  return { sender, queue, clock, requests, heard, append };
}

const answered = (status, retry_after_ms = null) => {
  const reading = no_answer('network');
  return { ...reading, outcome: { ...reading.outcome, status, failure: 'none', retry_after_ms } };
};

/** A valid answer that says of each row what `fate_of` does; nothing where that is undefined. */
function fates(rows, fate_of) {
  const reading = answered(200);
  reading.outcome.extent = 'per-entry';
  reading.outcome.results = rows
    .map((row) => ({ key: row.seq, answer: fate_of(row) }))
    .filter(({ answer }) => answer !== undefined);
  return { ...reading, refusals: [] };
}

const numbered = (count, row = {}) =>
  Array.from({ length: count }, (_, index) => ({ id: String(index), ...row }));

const drained = async (queue) => {
  while ((await queue.pending()) > 0) await new Promise((resolve) => setImmediate(resolve));
};

test('it sends the oldest first, fifty at a time, and then rests', async () => {
  const { sender, queue, clock, requests } = await make_sender({ rows: numbered(120) });
  sender.start();
  await drained(queue);
  assert.deepEqual(
    requests.map((ids) => [ids[0], ids.length]),
    [
      ['0', 50],
      ['50', 50],
      ['100', 20],
    ],
  );
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(clock.timer, undefined);
});

test('a batch has at most 48 KiB, and one row at least', async () => {
  const rows = [30, 18, 1, 200, 1].map((kib, index) => ({ id: String(index), bytes: kib * 1024 }));
  const { sender, queue, requests } = await make_sender({ rows });
  sender.start();
  await drained(queue);
  assert.deepEqual(requests, [['0', '1'], ['2'], ['3'], ['4']]);
});

test('statements of an earlier page go in requests of their own', async () => {
  const statement = { kind: 'statement', group: '' };
  const rows = [{ id: 'a', ...statement }, { id: 'b', ...statement }, { id: 'c' }, { id: 'd' }];
  const { sender, queue, requests } = await make_sender({ rows });
  sender.start();
  await drained(queue);
  assert.deepEqual(requests, [
    ['a', 'b'],
    ['c', 'd'],
  ]);
});

test('what is new waits for the interval, or for a flush', async () => {
  const { sender, queue, clock, requests, append } = await make_sender({});
  await append({ id: 'a' });
  sender.enqueued();
  assert.equal(clock.timer.delay_ms, 5000);
  clock.ring();
  await drained(queue);
  await append({ id: 'b' });
  sender.enqueued();
  sender.flush();
  await drained(queue);
  assert.deepEqual(requests, [['a'], ['b']]);
});

test('after failures it waits by full jitter, each time longer, up to five minutes', async () => {
  const answers = Array.from({ length: 10 }, () => no_answer('network'));
  const { sender, queue, clock, heard } = await make_sender({ rows: numbered(1), answers });
  sender.start();
  const delays = [];
  for (let count = 0; count < 10; ++count) {
    delays.push(await clock.next_delay());
    clock.ring();
  }
  assert.deepEqual(delays.slice(0, 4), [1000, 2000, 4000, 8000]);
  assert.equal(Math.max(...delays), 150_000);
  await drained(queue);
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(
    heard.map(([name, { raised }]) => [name, raised]),
    [
      ['blocked', true],
      ['blocked', false],
      ['delivered', undefined],
    ],
  );
});

test('once something was stored it waits as short as at first', async () => {
  const some = (sent) => fates(sent, ({ id }) => (id === '0' ? 'stored' : undefined));
  const none = no_answer('network');
  const answers = [none, none, some, none];
  const { sender, clock } = await make_sender({ rows: numbered(2), answers });
  sender.start();
  const delays = [];
  for (let count = 0; count < 3; ++count) {
    delays.push(await clock.next_delay());
    clock.ring();
  }
  assert.deepEqual(delays, [1000, 2000, 1000]);
});

test('what the relay asks for is waited for, by a flush too', async () => {
  const answers = [answered(429, 90_000), answered(503, 1e12)];
  const { sender, clock, requests } = await make_sender({ rows: numbered(1), answers });
  sender.start();
  assert.equal(await clock.next_delay(), 90_000);
  clock.time_ms += 30_000;
  sender.flush();
  assert.equal(clock.timer.delay_ms, 60_000);
  assert.equal(requests.length, 1);
  clock.ring();
  assert.equal(await clock.next_delay(), 3_600_000);
});

test('an answer that lists nothing is a failure, one that lists some is not', async () => {
  const answers = [
    (sent) => fates(sent, () => undefined),
    (sent) => fates(sent, ({ id }) => (id === '1' ? 'kept' : undefined)),
  ];
  const { sender, queue, clock, requests } = await make_sender({ rows: numbered(3), answers });
  sender.start();
  await clock.next_delay();
  clock.ring();
  await drained(queue);
  assert.deepEqual(requests, [
    ['0', '1', '2'],
    ['0', '1', '2'],
    ['0', '2'],
  ]);
});

test('what the relay refuses is buried, the others leave', async (t) => {
  t.mock.method(console, 'warn', () => {});
  const refuse = (sent) => fates(sent, ({ id }) => (id === '1' ? 'refused' : 'stored'));
  const { sender, queue, heard } = await make_sender({ rows: numbered(3), answers: [refuse] });
  const buried = [];
  const { bury } = queue;
  queue.bury = (letters, now_ms) => {
    buried.push(...letters);
    return bury(letters, now_ms);
  };
  sender.start();
  await drained(queue);
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(buried, [{ seq: 2, reason: null }]);
  assert.deepEqual(heard, [['delivered', { ids: ['0', '2'] }]]);
});

for (const status of [400, 413]) {
  test(`a batch refused with ${status} is halved; what is refused alone lets others pass`, async () => {
    let picky = true;
    const refuse = (rows) =>
      picky && rows.some(({ id }) => id === '0') ? answered(status) : fates(rows, () => 'stored');
    const { sender, queue, clock, requests } = await make_sender({
      rows: numbered(4),
      answers: Array.from({ length: 20 }, () => refuse),
    });
    sender.start();
    await clock.next_delay();
    assert.deepEqual(requests, [['0', '1', '2', '3'], ['0', '1'], ['0']]);
    clock.ring();
    await clock.next_delay();
    assert.deepEqual(requests.slice(3), [['1'], ['2', '3']]);
    assert.equal(await queue.pending(), 1);
    picky = false;
    clock.ring();
    await drained(queue);
  });
}
