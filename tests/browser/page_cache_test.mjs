// A page that the browser freezes when it is left, and wakes when the learner comes back to it.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { launch_shared_browser } from './support/chromium.mjs';
import { bad_gateway } from './support/course_server.mjs';
import { open_lesson, tracker_ready } from './support/lesson_page.mjs';

const browser = await launch_shared_browser();

const track = (page, object) =>
  page.evaluate(
    (id) => waypost('answered', { object: id }),
    `https://courses.example.org/${object}`,
  );

/** @param {() => Promise<void>} [meanwhile] */
async function leave_and_come_back(server, page, meanwhile = async () => {}) {
  await page.evaluate(() => {
    window.is_the_same_page = true;
    window.addEventListener('pageshow', ({ persisted }) => (window.was_frozen = persisted));
  });
  await page.goto(`${server.origin}/elsewhere`);
  await meanwhile();
  await page.evaluate(() => history.back());
  // A page that is woken does not load again.
  await page.waitForURL(`${server.origin}/course/lesson`, { waitUntil: 'commit' });
  await page.waitForFunction(() => window.was_frozen ?? document.readyState === 'complete');
  assert.deepEqual(
    await page.evaluate(() => [window.is_the_same_page, window.was_frozen]),
    [true, true],
    'the browser has frozen the page and not loaded it again',
  );
}

test('an idle page can be frozen, and goes on when it comes back', async (t) => {
  const { server, page } = await open_lesson(t, browser);
  await track(page, 'before');
  await server.until(() => server.stored.size === 1);
  await leave_and_come_back(server, page);
  await track(page, 'after');
  await server.until(() => server.stored.size === 2);
});

test('what waited when the page was frozen is sent when it comes back', async (t) => {
  const { server, page } = await open_lesson(t, browser);
  server.answer = bad_gateway;
  await track(page, 'before');
  await server.until(() => server.posts.length >= 1);
  await leave_and_come_back(server, page, async () => {
    server.answer = (request) => server.accept(request);
  });
  await server.until(() => server.stored.size === 1);
});

test('a page that is frozen while it sends holds nobody up, and goes on when it comes back', async (t) => {
  const { server, visitor, page } = await open_lesson(t, browser);
  server.answer = () => new Promise(() => {});
  await track(page, 'frozen');
  await server.until(() => server.posts.length >= 1);
  server.answer = (request) => server.accept(request);
  const other = await visitor.newPage();
  await other.goto(`${server.origin}/course/lesson`);
  await tracker_ready(other);
  await leave_and_come_back(server, page, async () => {
    await track(other, 'other');
    await server.until(() => server.stored.size === 2);
  });
  await track(page, 'after');
  await server.until(() => server.stored.size === 3);
});

test('what a page says as it is frozen, in an open transaction, is kept', async (t) => {
  const { server, page } = await open_lesson(t, browser, { interval_ms: 3_600_000 });
  await page.evaluate(() =>
    window.addEventListener('pagehide', () => {
      void waypost('answered', { object: 'https://courses.example.org/last' });
    }),
  );
  await leave_and_come_back(server, page);
  await page.evaluate(() => waypost.flush());
  await server.until(() => server.stored.size >= 1);
});
