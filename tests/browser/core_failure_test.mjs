// The core fails while the page is open: a trap, which no other call of it survives.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { launch_shared_browser } from './support/chromium.mjs';
import { bad_gateway, start_course_server } from './support/course_server.mjs';

const browser = await launch_shared_browser();

/** From now on the module's function of that name traps; runs in the page before its scripts. */
function make_breakable() {
  window.broken = new Set();
  for (const name of ['instantiate', 'instantiateStreaming']) {
    const original = WebAssembly[name];
    WebAssembly[name] = async (...args) => {
      const { instance } = await original.apply(WebAssembly, args);
      const exports = Object.fromEntries(
        Object.entries(instance.exports).map(([key, value]) => [key, breakable(key, value)]),
      );
      return { instance: { exports } };
    };
  }
  const breakable = (name, value) =>
    typeof value !== 'function'
      ? value
      : (...numbers) => {
          if (window.broken.has(name)) throw new WebAssembly.RuntimeError('unreachable');
          return value(...numbers);
        };
}

const break_core = (page, name) => page.evaluate((broken) => window.broken.add(broken), name);

async function open_lesson(t, visitor) {
  const server = await start_course_server(t);
  const page = await (visitor ?? (await browser.new_visitor(t))).newPage();
  await page.addInitScript(make_breakable);
  await page.goto(`${server.origin}/course/lesson`);
  await page.waitForFunction(() => window.waypost);
  await page.evaluate(() => waypost.flush());
  return { server, page };
}

const track = (page, response) =>
  page.evaluate(async (text) => (await waypost('answered', { response: text })).id, response);

const responses = (server) => [...server.stored.values()].map(({ result }) => result.response);

/** Resolves with all ids that the page was told of, once nothing waits. */
const told_when_drained = (page) =>
  page.evaluate(async () => {
    while ((await waypost.pending()) > 0) await new Promise((resolve) => setTimeout(resolve, 20));
    return window.told;
  });

const hear_deliveries = (page) =>
  page.evaluate(() => {
    window.told = [];
    return waypost.on('delivered', ({ ids }) => window.told.push(...ids));
  });

test('it fails while it completes an event: that one and what waits are delivered, in order', async (t) => {
  const { server, page } = await open_lesson(t);
  server.answer = bad_gateway;
  const ids = [await track(page, 'whole'), await track(page, 'whole too')];
  await break_core(page, 'waypost_complete_event');
  ids.push(await track(page, 'as it is'), await track(page, 'as it is too'));
  server.answer = (request) => server.accept(request);
  await hear_deliveries(page);
  await page.evaluate(() => waypost.flush());
  assert.deepEqual(await told_when_drained(page), ids);
  assert.deepEqual(responses(server), ['whole', 'whole too', 'as it is', 'as it is too']);
  assert.deepEqual(
    server.posts.slice(-2).map(({ kind, entries }) => [kind, entries.length]),
    [
      ['statements', 2],
      ['events', 2],
    ],
  );
});

for (const [when, name] of [
  ['a row is new', 'waypost_tell_enqueued'],
  ['a batch is taken', 'waypost_take_action'],
  ['an answer is there', 'waypost_tell_outcome'],
  ['the timer rings', 'waypost_tell_timer'],
]) {
  test(`its engine fails when ${when}: nothing is lost, and each is told once`, async (t) => {
    const { server, page } = await open_lesson(t);
    await hear_deliveries(page);
    await break_core(page, name);
    const ids = [await track(page, 'one'), await track(page, 'two')];
    await told_when_drained(page);
    ids.push(await track(page, 'three'));
    assert.deepEqual(await told_when_drained(page), ids);
    assert.deepEqual(responses(server), ['one', 'two', 'three']);
    assert.equal(server.posts.at(-1).kind, 'events');
  });
}

test('what a page without core kept is delivered by the next one that has it, as it was kept', async (t) => {
  const visitor = await browser.new_visitor(t);
  const { server, page } = await open_lesson(t, visitor);
  server.answer = bad_gateway;
  await break_core(page, 'waypost_complete_event');
  const id = await track(page, 'as it is');
  await server.until(() => server.posts.length >= 1);
  const { text } = server.posts.at(-1);
  await page.close();
  server.answer = (request) => server.accept(request);
  const next = await visitor.newPage();
  await next.goto(`${server.origin}/course/lesson`);
  await server.until(() => server.stored.has(id));
  const entries = (request) => request.slice(request.indexOf('"kind":'));
  assert.equal(entries(server.posts.at(-1).text), entries(text));
});
