// Several tabs on one queue: one sends at a time, and none is needed by the others.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { launch_shared_browser } from './support/chromium.mjs';
import { bad_gateway, course_page, start_course_server } from './support/course_server.mjs';
import { track_answers, tracker_ready } from './support/lesson_page.mjs';

const browser = await launch_shared_browser();

const lock_name = 'waypost-example';

async function start_visit(t, { origin_of = (server) => server.origin, ...options } = {}) {
  const server = await start_course_server(t, options);
  const visitor = await browser.new_visitor(t);
  server.pages.set('/empty', course_page('', 'No tracker here'));
  const open = async (path = '/course/lesson', has_own_clock = false) => {
    const page = await visitor.newPage();
    if (has_own_clock) await page.clock.install();
    await page.goto(origin_of(server) + path);
    if (path !== '/empty') {
      await tracker_ready(page);
    }
    return page;
  };
  return { server, open };
}

const flush = (page) => page.evaluate(() => waypost.flush());

const insecure = { origin_of: (server) => `http://insecure.test:${server.port}` };

for (const [kind, options] of [
  ['Web Locks', {}],
  ['a lease', insecure],
]) {
  test(`by ${kind} three tabs send one after another, and each entry once`, async (t) => {
    const { server, open } = await start_visit(t, { ...options, interval_ms: 3_600_000 });
    const pages = [await open(), await open(), await open()];
    let under_way = 0;
    let most = 0;
    server.delay = async () => {
      most = Math.max(most, (under_way += 1));
      await new Promise((resolve) => setTimeout(resolve, 50));
      under_way -= 1;
    };
    // So many are sent at once.
    const ids = (await Promise.all(pages.map((page) => track_answers(page, 40)))).flat();
    await server.until(() => server.stored.size === ids.length);
    for (const page of pages) {
      await page.evaluate(async () => {
        await waypost.flush();
        while ((await waypost.pending()) > 0) await new Promise((done) => setTimeout(done, 20));
      });
    }
    assert.equal(most, 1);
    const sent = server.posts.flatMap(({ entries }) => entries.map(({ id }) => id));
    assert.deepEqual(sent.sort(), ids.sort());
  });
}

test('a tab that dies while it sends holds nobody up', async (t) => {
  const { server, open } = await start_visit(t);
  server.answer = () => new Promise(() => {});
  const dying = await open();
  const ids = await track_answers(dying, 3);
  await server.until(() => server.posts.length > 0);
  const other = await open();
  server.answer = (request) => server.accept(request);
  await dying.close();
  await flush(other);
  await server.until(() => server.stored.size === ids.length);
});

test('a page whose right to send lapsed with its lease is followed after 15 s', async (t) => {
  const { server, open } = await start_visit(t, { ...insecure, interval_ms: 3_600_000 });
  const page = await open();
  // What a page that was killed leaves.
  await page.evaluate(
    () =>
      new Promise((resolve) => {
        const opening = indexedDB.open('waypost-example');
        opening.onsuccess = () => {
          const settings = opening.result.transaction('settings', 'readwrite');
          const lease = JSON.stringify({ owner: 'the dead', until_ms: Date.now() + 3000 });
          settings.objectStore('settings').put(lease, 'lease');
          settings.oncomplete = resolve;
        };
      }),
  );
  const began_ms = Date.now();
  const [id] = await track_answers(page, 1);
  await flush(page);
  await server.until(() => server.stored.has(id));
  assert.ok(Date.now() - began_ms >= 2500);
});

test('a page that waits for a lock for too long sends without it', async (t) => {
  const { server, open } = await start_visit(t, { interval_ms: 3_600_000 });
  const page = await open();
  const holder = await open('/empty');
  await holder.evaluate(
    (name) =>
      new Promise((held) => {
        void navigator.locks.request(name, () => {
          held();
          return new Promise(() => {});
        });
      }),
    lock_name,
  );
  const [id] = await track_answers(page, 1);
  await flush(page);
  await server.until(() => server.stored.has(id), 60_000);
});

test('no lock is held while nothing is sent', async (t) => {
  const { server, open } = await start_visit(t);
  const page = await open();
  const ids = await track_answers(page, 3);
  await server.until(() => server.stored.size === ids.length);
  const held = await page.evaluate(async () => {
    while ((await waypost.pending()) > 0) await new Promise((resolve) => setTimeout(resolve, 20));
    const { held, pending } = await navigator.locks.query();
    return [...held, ...pending].map(({ name }) => name);
  });
  assert.deepEqual(held, []);
});

test('what a tab leaves unsent another open tab takes up by itself', async (t) => {
  const { server, open } = await start_visit(t, { interval_ms: 1000 });
  const staying = await open();
  const leaving = await open();
  server.answer = bad_gateway;
  // In between: the one that stays has entries of its own on both sides.
  const ids = await track_answers(staying, 1);
  ids.push(...(await track_answers(leaving, 3)));
  ids.push(...(await track_answers(staying, 1)));
  await leaving.close();
  server.answer = (request) => server.accept(request);
  await server.until(() => server.stored.size === ids.length);
});

test('a tab goes on looking for what others leave', async (t) => {
  const { server, open } = await start_visit(t, { interval_ms: 1000 });
  const staying = await open('/course/lesson', true);
  // It has looked several times already.
  await staying.clock.runFor(60_000);
  const leaving = await open();
  server.answer = bad_gateway;
  const ids = await track_answers(leaving, 3);
  await leaving.close();
  server.answer = (request) => server.accept(request);
  await staying.clock.runFor(10_000);
  await server.until(() => server.stored.size === ids.length);
});

test('flush() sends what other tabs have left, too', async (t) => {
  const { server, open } = await start_visit(t, { interval_ms: 3_600_000 });
  const staying = await open();
  const leaving = await open();
  const ids = await track_answers(staying, 1);
  ids.push(...(await track_answers(leaving, 3)));
  server.answer = bad_gateway;
  await leaving.close();
  server.answer = (request) => server.accept(request);
  await flush(staying);
  await server.until(() => server.stored.size === ids.length);
});

test('all tabs count the same queue', async (t) => {
  const { open } = await start_visit(t, { interval_ms: 3_600_000 });
  const pages = [await open(), await open()];
  await track_answers(pages[0], 2);
  await track_answers(pages[1], 3);
  for (const page of pages) assert.equal(await page.evaluate(() => waypost.pending()), 5);
});
