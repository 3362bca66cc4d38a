// What a learner does with the relay stopped arrives once, after the browser was closed or killed
// and everything came back.
import assert from 'node:assert/strict';
import { readlinkSync } from 'node:fs';
import { test } from 'node:test';

import { chromium } from 'playwright-core';

import { questions } from '../../demo/course/quiz_questions.js';
import { running_stack, statements_in_lrs, test_folder } from './test_stack.mjs';

const browser_options = {
  executablePath: '/usr/bin/chromium',
  args: [
    ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
    ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
  ],
};

/** @typedef {import('playwright-core').Page} Page */

/** @param {Page} page @param {RegExp} text */
async function panel_says(page, text) {
  await page.locator('#queue-panel .count').filter({ hasText: text }).waitFor();
}

/** @param {string} profile @param {import('node:test').TestContext} t */
async function open_browser(profile, t) {
  const browser = await chromium.launchPersistentContext(profile, browser_options);
  t.after(() => browser.close());
  const page = await browser.newPage();
  page.on('pageerror', (error) => t.diagnostic(`in the page: ${error}`));
  page.on('console', (message) => {
    if (message.type() === 'error') t.diagnostic(`in the console: ${message.text()}`);
  });
  return { browser, page };
}

/** Answers every question right except the second. @param {Page} page */
async function take_the_quiz(page) {
  for (const [index, question] of questions.entries()) {
    const form = page.locator('form').nth(index);
    if (question.choices) {
      await form.locator(`input[value=${question.right}]`).check();
    } else {
      await form.locator('input').fill(index === 1 ? '5' : question.right);
    }
    await form.getByRole('button').click();
  }
  await page.getByText('You answered 4 of 5 questions right').waitFor();
}

/** "answered first-step", sorted. @param {{text: string}[]} statements */
function summary(statements) {
  return statements
    .map(({ text }) => JSON.parse(text))
    .map(({ verb, object }) => `${verb.id.split('/').at(-1)} ${object.id.split('/').at(-1)}`)
    .sort();
}

const from_the_quiz = [
  ...questions.map(({ name }) => `answered ${name}`),
  'completed quiz',
  'passed burns',
];

/** The learner's part up to the closed browser. @param {import('node:test').TestContext} t */
async function quiz_with_the_relay_stopped(t) {
  const { stack } = await running_stack(t);
  const profile = test_folder(t);
  const { browser, page } = await open_browser(profile, t);
  await page.goto(stack.course_url);
  await panel_says(page, /Nothing waits/);
  assert.deepEqual(summary(await statements_in_lrs(stack, 1)), ['initialized burns']);

  await stack.relay.stop();
  await page.getByRole('link', { name: 'Quiz', exact: true }).click();
  await take_the_quiz(page);
  await panel_says(page, new RegExp(`^${from_the_quiz.length} on this device`));
  assert.equal((await statements_in_lrs(stack, 1)).length, 1, 'nothing can have arrived');
  return { stack, profile, browser };
}

/** @param {{stack: import('../../demo/servers/stack.mjs').Stack, profile: string}} place */
async function everything_arrives_once({ stack, profile }, /** @type {any} */ t) {
  await stack.relay.start();
  const { page } = await open_browser(profile, t);
  await page.goto(stack.course_url);
  await panel_says(page, /Nothing waits/);

  const expected = [...from_the_quiz, 'initialized burns', 'initialized burns'].sort();
  const arrived = await statements_in_lrs(stack, expected.length);
  assert.deepEqual(summary(arrived), expected);
  assert.equal(new Set(arrived.map(({ id }) => id)).size, expected.length);
  assert.deepEqual(
    arrived.filter(({ sent_differently }) => sent_differently > 0),
    [],
  );
  const actors = arrived.map(({ text }) => JSON.stringify(JSON.parse(text).actor));
  assert.equal(new Set(actors).size, 1, 'one learner did all of it');
}

test('a quiz taken with the relay stopped arrives once after the browser was closed', async (t) => {
  const { browser, ...place } = await quiz_with_the_relay_stopped(t);
  await browser.close();
  await everything_arrives_once(place, t);
});

test('it also arrives once after the browser was killed', async (t) => {
  const { browser, ...place } = await quiz_with_the_relay_stopped(t);
  const closed = new Promise((done) => browser.once('close', done));
  // Chromium names its process in the lock of its profile: HOST-PID.
  const pid = Number(readlinkSync(`${place.profile}/SingletonLock`).split('-').at(-1));
  process.kill(pid, 'SIGKILL');
  await closed;
  await everything_arrives_once(place, t);
});

test('the lesson reports each section, and its end', async (t) => {
  const { stack } = await running_stack(t);
  const { page } = await open_browser(test_folder(t), t);
  await page.goto(`${stack.course_url}lesson.html`);
  for (const section of await page.locator('main section').all()) {
    await section.locator('> :last-child').scrollIntoViewIfNeeded();
    await page.locator('#queue-panel li', { hasText: await section.getAttribute('data-title') });
  }
  const expected = ['cool', 'clear', 'cover', 'call'].map((name) => `experienced ${name}`);
  const arrived = await statements_in_lrs(stack, 5);
  assert.deepEqual(summary(arrived), ['completed lesson', ...expected].sort());
});

test('a page opened while the relay is down still gets the tracker, and queues', async (t) => {
  const { stack } = await running_stack(t);
  const first = await open_browser(test_folder(t), t);
  await first.page.goto(stack.course_url);
  await panel_says(first.page, /Nothing waits/);
  await stack.relay.stop();

  const second = await open_browser(test_folder(t), t);
  await second.page.goto(stack.course_url);
  await panel_says(second.page, /^1 on this device/);
  await stack.relay.start();
  await panel_says(second.page, /Nothing waits/);
  const arrived = await statements_in_lrs(stack, 2);
  assert.deepEqual(summary(arrived), ['initialized burns', 'initialized burns']);
});
