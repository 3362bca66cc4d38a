// Pages whose browser keeps nothing for them. A sandboxed frame has no IndexedDB, no origin, and no
// second chance.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { launch_shared_browser } from './support/chromium.mjs';
import {
  bad_gateway,
  course_page,
  script_tag,
  start_course_server,
} from './support/course_server.mjs';

const browser = await launch_shared_browser();

async function open_sandboxed_lesson(t, head = script_tag) {
  const server = await start_course_server(t, { interval_ms: 3_600_000 });
  const page = await (await browser.new_visitor(t)).newPage();
  const frame = `<iframe sandbox="allow-scripts" src="/course/lesson"></iframe>`;
  server.pages.set('/course/lesson', course_page(head));
  server.pages.set('/frame', course_page(`</head>${frame}`, 'The frame'));
  await page.goto(`${server.origin}/frame`);
  const [, lesson] = page.frames();
  await lesson.waitForFunction(() => window.waypost);
  return { server, lesson };
}

test('without IndexedDB statements are sent at once, and the page can see it', async (t) => {
  const { server, lesson } = await open_sandboxed_lesson(t);
  const { id, stored } = await lesson.evaluate(() => waypost('completed'));
  assert.equal(stored, 'memory');
  await server.until(() => server.stored.has(id));
  assert.equal(server.posts[0].headers.origin, 'null');
});

test('without IndexedDB statements still wait for a relay that is down', async (t) => {
  const { server, lesson } = await open_sandboxed_lesson(t);
  server.answer = bad_gateway;
  const { id } = await lesson.evaluate(() => waypost('completed'));
  await server.until(() => server.posts.length >= 1);
  assert.equal(await lesson.evaluate(() => waypost.pending()), 1);
  server.answer = (request) => server.accept(request);
  await lesson.evaluate(() => window.dispatchEvent(new Event('online')));
  await server.until(() => server.stored.has(id));
});

test('without IndexedDB and without a core it is the same', async (t) => {
  const { server, lesson } = await open_sandboxed_lesson(
    t,
    `<script>delete window.WebAssembly</script>${script_tag}`,
  );
  server.answer = bad_gateway;
  const { id, stored } = await lesson.evaluate(() => waypost('completed'));
  assert.equal(stored, 'memory');
  await server.until(() => server.posts.length >= 1);
  assert.equal(await lesson.evaluate(() => waypost.pending()), 1);
  server.answer = (request) => server.accept(request);
  await lesson.evaluate(() => window.dispatchEvent(new Event('online')));
  await server.until(() => server.stored.has(id));
  assert.equal(server.posts.at(-1).kind, 'events');
});

// A web view within an app, unless the app has allowed it "DOM storage".
test('where localStorage is null, statements are on disk and delivered', async (t) => {
  const server = await start_course_server(t);
  const page = await (await browser.new_visitor(t)).newPage();
  await page.addInitScript(() => Object.defineProperty(window, 'localStorage', { value: null }));
  await page.goto(`${server.origin}/course/lesson`);
  await page.waitForFunction(() => window.waypost);
  const { id, stored } = await page.evaluate(() => waypost('completed'));
  assert.equal(stored, 'disk');
  await server.until(() => server.stored.has(id));
});
