// What a page sends in its last moment.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { launch_shared_browser } from './support/chromium.mjs';
import { bad_gateway, course_page, start_course_server } from './support/course_server.mjs';

const browser = await launch_shared_browser();

async function open_lesson(t) {
  const server = await start_course_server(t, { interval_ms: 3_600_000 });
  server.pages.set('/elsewhere', course_page('', 'Elsewhere'));
  const visitor = await browser.new_visitor(t);
  const page = await visitor.newPage();
  await page.goto(`${server.origin}/course/lesson`);
  await page.waitForFunction(() => window.waypost);
  await page.evaluate(() => waypost.flush()); // Now the tracker is there.
  return { server, visitor, page };
}

const track = (page, count, event = {}) =>
  page.evaluate(
    async ([events, rest]) => {
      const captured = await Promise.all(
        Array.from({ length: events }, (_, index) =>
          waypost('answered', { object: `https://courses.example.org/quiz/${index}`, ...rest }),
        ),
      );
      return captured.map(({ id }) => id);
    },
    [count, event],
  );

const hide = (page, state = 'hidden') =>
  page.evaluate((value) => {
    Object.defineProperty(document, 'visibilityState', { value, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, state);

const drained = (page) =>
  page.evaluate(async () => {
    while ((await waypost.pending()) > 0) await new Promise((resolve) => setTimeout(resolve, 20));
  });

test('a page that is left delivers what it said in its last tick, without another visit', async (t) => {
  const { server, page } = await open_lesson(t);
  await track(page, 3);
  await Promise.all([
    page.waitForURL(`${server.origin}/elsewhere`),
    page.evaluate(() => {
      void waypost('completed', { object: 'https://courses.example.org/last' });
      location.href = '/elsewhere';
    }),
  ]);
  await server.until(() => server.stored.size === 4);
  assert.equal([...server.stored.values()].at(-1).object.id, 'https://courses.example.org/last');
});

test('a tab that is closed delivers too', async (t) => {
  const { server, page } = await open_lesson(t);
  await track(page, 3);
  await page.close({ runBeforeUnload: true });
  await server.until(() => server.stored.size === 3);
});

test('what was delivered so leaves the queue of a page that lives on, and is told', async (t) => {
  const { server, page } = await open_lesson(t);
  const told = page.evaluate(() => new Promise((resolve) => waypost.on('delivered', resolve)));
  const ids = await track(page, 3);
  await hide(page);
  assert.deepEqual((await told).ids, ids);
  await drained(page);
  await hide(page, 'visible');
  await page.evaluate(() => waypost.flush());
  assert.equal(server.posts.length, 1);
});

test('it is at most 48 KiB, oldest first, and the rest follows later', async (t) => {
  const { server, page } = await open_lesson(t);
  const ids = await track(page, 19, { response: 'x'.repeat(10 * 1024) });
  await hide(page);
  await server.until(() => server.stored.size > 0);
  assert.ok(Buffer.byteLength(server.posts[0].text) <= 48 * 1024);
  assert.deepEqual([...server.stored.keys()], ids.slice(0, 4));
  await page.evaluate(() => waypost.flush());
  await server.until(() => server.stored.size === ids.length);
});

test('what is with the relay already is not sent again, nor anything of its lane', async (t) => {
  const { server, page } = await open_lesson(t);
  const registration = 'ec531277-b57b-4c15-8d91-d292c5b2b8f7';
  let answer;
  server.answer = () => new Promise((resolve) => (answer = resolve));
  await track(page, 1);
  await page.evaluate(() => waypost.flush());
  await server.until(() => server.posts.length === 1);
  await track(page, 1);
  const [other_lane] = await track(page, 1, { context: { registration } });
  await hide(page);
  await server.until(() => server.posts.length === 2);
  assert.deepEqual(
    server.posts[1].entries.map(({ id }) => id),
    [other_lane],
  );
  await hide(page);
  answer(bad_gateway());
  assert.equal(server.posts.length, 2);
});

test('after a failure the page does not press on', async (t) => {
  const { server, page } = await open_lesson(t);
  server.answer = () => ({ ...bad_gateway(), headers: { 'retry-after': '3600' } });
  const blocked = page.evaluate(() => new Promise((resolve) => waypost.on('blocked', resolve)));
  await track(page, 1);
  await page.evaluate(() => waypost.flush());
  await blocked;
  await hide(page);
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)));
  assert.equal(server.posts.length, 1);
});
