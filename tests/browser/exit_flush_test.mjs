// What a page sends in its last moment.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { launch_shared_browser } from './support/chromium.mjs';
import { bad_gateway } from './support/course_server.mjs';
import { drained, open_lesson, track_answers } from './support/lesson_page.mjs';

// Nothing is sent at an interval.
const patient = { interval_ms: 3_600_000 };

const browser = await launch_shared_browser();

const hide = (page, state = 'hidden') =>
  page.evaluate((value) => {
    Object.defineProperty(document, 'visibilityState', { value, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, state);

test('a page that is left delivers what it said in its last tick, without another visit', async (t) => {
  const { server, page } = await open_lesson(t, browser, patient);
  await track_answers(page, 3);
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
  const { server, page } = await open_lesson(t, browser, patient);
  await track_answers(page, 3);
  await page.close({ runBeforeUnload: true });
  await server.until(() => server.stored.size === 3);
});

test('what was delivered so leaves the queue of a page that lives on, and is told', async (t) => {
  const { server, page } = await open_lesson(t, browser, patient);
  const told = page.evaluate(() => new Promise((resolve) => waypost.on('delivered', resolve)));
  const ids = await track_answers(page, 3);
  await hide(page);
  assert.deepEqual((await told).ids, ids);
  await page.evaluate(drained);
  await hide(page, 'visible');
  await page.evaluate(() => waypost.flush());
  assert.equal(server.posts.length, 1);
});

test('it is at most 48 KiB, oldest first, and the rest follows later', async (t) => {
  const { server, page } = await open_lesson(t, browser, patient);
  const ids = await track_answers(page, 19, { response: 'x'.repeat(10 * 1024) });
  await hide(page);
  await server.until(() => server.stored.size > 0);
  assert.ok(Buffer.byteLength(server.posts[0].text) <= 48 * 1024);
  assert.deepEqual([...server.stored.keys()], ids.slice(0, 4));
  await page.evaluate(() => waypost.flush());
  await server.until(() => server.stored.size === ids.length);
});

test('what is with the relay already is not sent again, nor anything of its lane', async (t) => {
  const { server, page } = await open_lesson(t, browser, patient);
  const registration = 'ec531277-b57b-4c15-8d91-d292c5b2b8f7';
  let answer;
  server.answer = () => new Promise((resolve) => (answer = resolve));
  await track_answers(page, 1);
  await page.evaluate(() => waypost.flush());
  await server.until(() => server.posts.length === 1);
  await track_answers(page, 1);
  const [other_lane] = await track_answers(page, 1, { context: { registration } });
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
  const { server, page } = await open_lesson(t, browser, patient);
  server.answer = () => ({ ...bad_gateway(), headers: { 'retry-after': '3600' } });
  const blocked = page.evaluate(() => new Promise((resolve) => waypost.on('blocked', resolve)));
  await track_answers(page, 1);
  await page.evaluate(() => waypost.flush());
  await blocked;
  await hide(page);
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)));
  assert.equal(server.posts.length, 1);
});
