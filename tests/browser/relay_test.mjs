// The tracker and the real relay, of another origin than the course.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { launch_shared_browser } from './support/chromium.mjs';
import { course_page, start_course_server } from './support/course_server.mjs';
import { fates_of } from './support/lesson_page.mjs';
import { no_relay, start_relay } from './support/relay.mjs';

const browser = await launch_shared_browser();

async function open_lesson(t) {
  const server = await start_course_server(t);
  const relay = await start_relay(t, server.origin);
  const page = await (await browser.new_visitor(t)).newPage();
  const tag = `<script async src="${relay.origin}/waypost/waypost.js"></script>`;
  server.pages.set('/course/lesson', course_page(tag));
  await page.goto(`${server.origin}/course/lesson`);
  await page.waitForFunction(() => window.waypost);
  return { relay, page };
}

test('the relay takes what the tracker sends', { skip: no_relay }, async (t) => {
  const { relay, page } = await open_lesson(t);
  const settled = await fates_of(page, [
    { verb: 'experienced' },
    { verb: 'answered', response: 'naïve 🙂', score: 0.1 },
    { verb: 'completed', actor: { mbox: 'mailto:ada@example.org' } },
  ]);
  const fates = settled.map(({ fate }) => fate);
  assert.deepEqual(fates, ['delivered', 'delivered', 'delivered']);
  assert.equal(await relay.waiting(), 3);
  assert.equal(await page.evaluate(() => waypost.pending()), 0);
});

test('what the relay refuses does not hold up the rest', { skip: no_relay }, async (t) => {
  const { relay, page } = await open_lesson(t);
  const group = { objectType: 'Group', mbox: 'mailto:all@example.org' };
  const settled = await fates_of(page, [
    { verb: 'experienced' },
    { verb: 'answered', actor: group },
    { verb: 'completed' },
  ]);
  const fates = settled.map(({ fate }) => fate);
  assert.equal(fates[0], 'delivered');
  assert.notEqual(fates[1], 'delivered');
  assert.equal(fates[2], 'delivered');
  assert.ok((await relay.waiting()) >= 2);
  assert.equal(await page.evaluate(() => waypost.pending()), 0);
});

test('the relay is killed and comes back', { skip: no_relay }, async (t) => {
  const { relay, page } = await open_lesson(t);
  await fates_of(page, [{ verb: 'experienced' }]);
  await relay.kill();
  const held = page.evaluate(
    () =>
      new Promise((resolve) => {
        void waypost.on('blocked', ({ raised }) => raised && resolve());
      }),
  );
  const captured = await page.evaluate(async () => {
    const result = await waypost('completed');
    await waypost.flush();
    return result;
  });
  assert.equal(captured.stored, 'disk');
  await held;
  assert.equal(await page.evaluate(() => waypost.pending()), 1);
  await relay.start();
  const delivered = page.evaluate(
    () => new Promise((resolve) => waypost.on('delivered', ({ ids }) => resolve(ids))),
  );
  await page.evaluate(() => window.dispatchEvent(new Event('online')));
  assert.deepEqual(await delivered, [captured.id]);
  assert.equal(await relay.waiting(), 2);
});
