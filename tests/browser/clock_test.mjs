// Learners' clocks are wrong, and are put right while a page is open.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { launch_shared_browser } from './support/chromium.mjs';
import {
  bad_gateway,
  script_tag,
  course_page,
  start_course_server,
} from './support/course_server.mjs';
import { track_answers, tracker_ready } from './support/lesson_page.mjs';

const day_ms = 86_400_000;
const year_ms = 365 * day_ms;

const browser = await launch_shared_browser();

/** A visitor whose pages have a clock of the test's, `ahead_ms` of the right time. */
async function start_visit(t, { interval_ms = 50, head = script_tag } = {}) {
  const server = await start_course_server(t, { interval_ms });
  server.pages.set('/course/lesson', course_page(head));
  const visitor = await browser.new_visitor(t);
  const open = async (ahead_ms) => {
    const page = await visitor.newPage();
    await page.clock.install({ time: Date.now() + ahead_ms });
    await page.goto(`${server.origin}/course/lesson`);
    await tracker_ready(page);
    return page;
  };
  return { server, open };
}

const without_core = `<script>delete window.WebAssembly</script>${script_tag}`;

for (const [name, ahead_ms] of [
  ['five years ahead', 5 * year_ms],
  ['a day behind', -day_ms],
]) {
  test(`a clock that is ${name} delays nothing, and the relay hears of it`, async (t) => {
    const { server, open } = await start_visit(t);
    const page = await open(ahead_ms);
    const ids = await track_answers(page, 1);
    await server.until(() => server.stored.has(ids[0]));
    await page.waitForFunction(async () => (await waypost.pending()) === 0);
    ids.push(...(await track_answers(page, 1)));
    await server.until(() => server.stored.has(ids[1]));
    const { offset_ms } = server.posts.at(-1);
    assert.ok(Math.abs(offset_ms + ahead_ms) < 60_000, String(offset_ms));
  });
}

for (const [who, head] of [
  ['the core', script_tag],
  ['the fallback', without_core],
]) {
  for (const [name, jump_ms] of [
    ['years ahead', 5 * year_ms],
    ['a day back', -day_ms],
  ]) {
    test(`by ${who} all is sent soon after the clock has jumped ${name}`, async (t) => {
      const { server, open } = await start_visit(t, { head, interval_ms: 3_600_000 });
      const page = await open(0);
      server.answer = bad_gateway;
      const ids = await track_answers(page, 2);
      await page.evaluate(() => waypost.flush());
      await page.evaluate(() => waypost.pending());
      await server.until(() => server.posts.length >= 1);
      await page.clock.setSystemTime(Date.now() + jump_ms);
      server.answer = (request) => server.accept(request);
      ids.push(...(await track_answers(page, 1)));
      await page.evaluate(() => waypost.flush());
      // The longest of the first waits after a failure.
      await page.clock.runFor(5000);
      await server.until(() => server.stored.size === ids.length);
    });
  }
}

test('what a page with a clock years ahead put off is sent within an hour by the next one', async (t) => {
  const { server, open } = await start_visit(t);
  const wrong = await open(5 * year_ms);
  const told = wrong.evaluate(() => new Promise((resolve) => waypost.on('blocked', resolve)));
  server.answer = bad_gateway;
  const [id] = await track_answers(wrong, 1);
  await told;
  await wrong.evaluate(() => waypost.pending());
  await wrong.close();
  server.answer = (request) => server.accept(request);
  const right = await open(0);
  await right.evaluate(() => waypost.pending());
  await right.clock.fastForward(3_600_000);
  await server.until(() => server.stored.has(id));
});
