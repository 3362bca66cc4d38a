// Both queues keep the contract of js/queue.js, in a real page.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { launch_shared_browser } from './support/chromium.mjs';
import { course_page, start_course_server } from './support/course_server.mjs';

const browser = await launch_shared_browser();

const makers = {
  disk: `(await import('/js/queue_disk.js')).create_disk_queue(
    'contract',
    (await import('/js/clock.js')).page_clock,
    { unsent_rows: () => [], opened() {} },
  )`,
  memory: "(await import('/js/queue_memory.js')).create_memory_queue()",
};

/** A page in which `queue` is one of the queues, and `row` makes what it takes. */
async function open_queue(t, kind) {
  const server = await start_course_server(t);
  const page = await (await browser.new_visitor(t)).newPage();
  server.pages.set('/empty', course_page('', 'No tracker here'));
  await page.goto(`${server.origin}/empty`);
  await page.evaluate(`(async () => { window.queue = await ${makers[kind]}; })()`);
  await page.evaluate(() => {
    window.row = (id, bytes = 10) => ({
      id,
      kind: 'statement',
      body: `{"id":"${id}"}`,
      bytes,
      group: '',
      lane: 'a',
      captured_ms: 1,
      attempts: 0,
      next_at_ms: 0,
    });
    window.ids_of = (rows) => rows.map(({ id }) => id);
  });
  return page;
}

for (const kind of Object.keys(makers)) {
  test(`${kind}: rows come back in the order of the calls, by windows`, async (t) => {
    const page = await open_queue(t, kind);
    const result = await page.evaluate(async () => {
      const calls = ['a', 'b', 'c', 'd'].map((id, index) => queue.append(row(id), index === 2));
      const seqs = await Promise.all(calls);
      const first = await queue.load(0, 3);
      const second = await queue.load(first.rows.at(-1).seq, 3);
      return {
        stored: queue.stored,
        ascending: seqs.every((seq, index) => seq > 0 && (index === 0 || seq > seqs[index - 1])),
        first: [ids_of(first.rows), first.more],
        second: [ids_of(second.rows), second.more],
        pending: await queue.pending(),
      };
    });
    assert.deepEqual(result, {
      stored: kind,
      ascending: true,
      first: [['a', 'b', 'c'], true],
      second: [['d'], false],
      pending: 4,
    });
  });

  test(`${kind}: removed and buried rows wait no longer, deferred ones do`, async (t) => {
    const page = await open_queue(t, kind);
    const result = await page.evaluate(async () => {
      const seqs = await Promise.all(['a', 'b', 'c'].map((id) => queue.append(row(id), false)));
      // None is awaited: calls take effect in their order.
      void queue.remove([seqs[0]]);
      void queue.bury([{ seq: seqs[1], reason: 'bad' }], 7);
      void queue.defer([seqs[0], seqs[1], seqs[2]], 99);
      const { rows } = await queue.load(0, 10);
      return {
        rows: rows.map(({ id, attempts, next_at_ms, body }) => [id, attempts, next_at_ms, body]),
        read: ids_of(await queue.read(seqs)),
        pending: await queue.pending(),
      };
    });
    assert.deepEqual(result, { rows: [['c', 1, 99, '{"id":"c"}']], read: ['c'], pending: 1 });
  });

  test(`${kind}: a full queue refuses what is new, keeps what is old, and takes again`, async (t) => {
    const page = await open_queue(t, kind);
    const result = await page.evaluate(async () => {
      const refusal = (promise) =>
        promise.then(
          () => 'taken',
          ({ code }) => code,
        );
      const many = Array.from({ length: 5000 }, (_, index) =>
        queue.append(row(`r${index}`), false),
      );
      const seqs = await Promise.all(many);
      const full = await refusal(queue.append(row('one too many'), true));
      const pending = await queue.pending();
      const [oldest] = (await queue.load(0, 1)).rows;
      await queue.remove([seqs[0]]);
      const after = await Promise.all(
        ['fits', 'fits not'].map((id) => refusal(queue.append(row(id), false))),
      );
      return { full, pending, oldest: oldest.id, after, last: await queue.pending() };
    });
    assert.deepEqual(result, {
      full: 'queue-full',
      pending: 5000,
      oldest: 'r0',
      after: ['taken', 'queue-full'],
      last: 5000,
    });
  });

  test(`${kind}: the bytes are bounded too`, async (t) => {
    const page = await open_queue(t, kind);
    const codes = await page.evaluate(async () => {
      const quarter = 2.5 * 1024 * 1024;
      for (const id of ['a', 'b', 'c', 'd']) await queue.append(row(id, quarter), false);
      return queue.append(row('e', 1), false).catch(({ code }) => code);
    });
    assert.equal(codes, 'queue-full');
  });

  test(`${kind}: a setting is made once`, async (t) => {
    const page = await open_queue(t, kind);
    const values = await page.evaluate(() =>
      Promise.all(
        ['first', 'second'].map((value) => queue.setting('learner', (kept) => kept ?? value)),
      ),
    );
    assert.deepEqual(values, ['first', 'first']);
  });
}

test('disk: a connection gives way to a newer version of the database', async (t) => {
  const page = await open_queue(t, 'disk');
  const code = await page.evaluate(async () => {
    await queue.append(row('a'), false);
    await new Promise((resolve, reject) => {
      const upgrading = indexedDB.open('contract', 99);
      upgrading.onsuccess = resolve;
      upgrading.onerror = upgrading.onblocked = reject;
    });
    return queue.append(row('b'), false).catch((error) => error.code);
  });
  assert.equal(code, 'storage-failed');
});
