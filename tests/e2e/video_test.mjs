// The lesson's video and the switch "Unplug", with the demo's own servers and pages.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { chromium } from 'playwright-core';

import { running_stack, statements_in_lrs } from './test_stack.mjs';

const profile = 'https://w3id.org/xapi/video';

/** @param {import('node:test').TestContext} t */
async function open_lesson(t) {
  const { stack } = await running_stack(t);
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
  });
  t.after(() => browser.close());
  const page = await browser.newPage({ viewport: { width: 900, height: 700 } });
  const problems = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(message.text());
  });
  await page.goto(`${stack.course_url}lesson.html`);
  await page.evaluate('waypost.pending()');
  return { stack, page, problems };
}

/** What the video reported, in order. @param {{text: string}[]} statements */
const of_the_video = (statements) =>
  statements
    .map(({ text }) => JSON.parse(text))
    .filter(({ object }) => object.id.endsWith('/lesson/video'))
    .sort((left, right) => Date.parse(left.timestamp) - Date.parse(right.timestamp));

/** Acts on the video, and resolves when it says so. */
const act = (page, action, said, value) =>
  page.evaluate(
    ([action, said, value]) =>
      new Promise((resolve) => {
        const video = document.querySelector('video');
        video.addEventListener(said, () => resolve(undefined), { once: true });
        if (action === 'seek') video.currentTime = value;
        else if (action === 'play') void video.play();
        else video.pause();
      }),
    [action, said, value],
  );

const played_past = (page, seconds) =>
  page.waitForFunction((past) => document.querySelector('video').currentTime > past, seconds);

const extension = (statement, name) => statement.result.extensions[`${profile}/extensions/${name}`];

test('a video that is watched, paused and skipped through says so by the video profile', async (t) => {
  const { stack, page, problems } = await open_lesson(t);
  await act(page, 'play', 'playing');
  await played_past(page, 0.5);
  await act(page, 'pause', 'pause');
  await act(page, 'seek', 'seeked', 15);
  await act(page, 'play', 'ended');
  // From the start: browsers go there by themselves.
  await page.evaluate(() => (document.querySelector('video').playbackRate = 8));
  await act(page, 'play', 'ended');

  const verbs = ['initialized', 'played', 'paused', 'seeked', 'played', 'paused', 'played'];
  const expected = [...verbs, 'completed'];
  const statements = of_the_video(await statements_in_lrs(stack, expected.length));
  assert.deepEqual(
    statements.map(({ verb }) => verb.id.split('/').at(-1)),
    expected,
  );
  for (const { object, context } of statements) {
    assert.equal(object.definition.type, `${profile}/activity-type/video`);
    assert.equal(context.contextActivities.category[0].id, profile);
    assert.equal(context.extensions[`${profile}/extensions/length`], 18);
  }
  const sessions = statements.map(
    ({ context }) => context.extensions[`${profile}/extensions/session-id`],
  );
  assert.equal(new Set(sessions).size, 1);
  const [, played, paused, seeked, again, , anew, completed] = statements;
  assert.equal(extension(played, 'time'), 0);
  assert.ok(extension(paused, 'time') > 0.5);
  assert.equal(extension(paused, 'played-segments'), `0[.]${extension(paused, 'time')}`);
  assert.equal(extension(seeked, 'time-from'), extension(paused, 'time'));
  assert.equal(extension(seeked, 'time-to'), 15);
  assert.equal(Math.floor(extension(again, 'time')), 15);
  assert.equal(extension(anew, 'time'), 0);
  assert.equal(completed.result.completion, true);
  assert.equal(extension(completed, 'progress'), 1);
  assert.deepEqual(problems, []);
});

test('unplugged, nothing leaves the tab; plugged in again, all of it arrives', async (t) => {
  const { stack, page } = await open_lesson(t);
  await page.getByRole('button', { name: 'Unplug' }).click();
  await page.getByText('What the tracker sends from this tab fails now').waitFor();
  await act(page, 'play', 'playing');
  await act(page, 'pause', 'pause');
  await page.locator('#queue-panel .trouble').waitFor(); // It was tried.
  // The switch stays as it is on the next page.
  await page.getByRole('link', { name: 'Quiz', exact: true }).click();
  await page.locator('#queue-panel .count', { hasText: /^[3-9] on this device/ }).waitFor();
  assert.equal((await statements_in_lrs(stack, 0)).length, 0);

  await page.getByRole('button', { name: 'Plug in' }).click();
  await page.locator('#queue-panel .count', { hasText: 'Nothing waits here' }).waitFor();
  const verbs = of_the_video(await statements_in_lrs(stack, 3)).map(({ verb }) => verb.id);
  assert.deepEqual(
    verbs.map((id) => id.split('/').at(-1)),
    ['initialized', 'played', 'paused'],
  );
});

test('the panel goes along through the course', async (t) => {
  const { stack, page, problems } = await open_lesson(t);
  await page.goto(`${stack.course_url}?waypost-debug`);
  const delivered = page.locator('[data-waypost-panel] section.delivered');
  await delivered.getByText('Burns: the first twenty minutes').first().waitFor();
  await page.getByRole('link', { name: 'Lesson', exact: true }).click();
  await page.waitForURL(/lesson\.html\?waypost-debug$/);
  await page.locator('[data-waypost-panel] .panel').waitFor();
  assert.equal(await page.locator('#queue-panel').isVisible(), false);
  assert.deepEqual(problems, []);
});
