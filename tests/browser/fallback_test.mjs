// Pages whose core does not run, before a real relay: it completes their events.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { launch_shared_browser } from './support/chromium.mjs';
import { course_page, start_course_server } from './support/course_server.mjs';
import { fates_of, tracker_ready } from './support/lesson_page.mjs';
import { no_relay, start_relay } from './support/relay.mjs';

const browser = await launch_shared_browser();

const policy = `<meta http-equiv="Content-Security-Policy" content="script-src * 'unsafe-inline'">`;

/** Ways to take the core from a page. */
const losses = {
  'a policy forbids WebAssembly': { head: policy },
  'there is no WebAssembly': { head: '<script>delete window.WebAssembly</script>' },
  'the core is not found': { wasm: (route) => route.fulfill({ status: 404, body: 'Gone' }) },
  'the network fails': { wasm: (route) => route.abort('connectionreset') },
  'the core has wrong bytes': {
    wasm: (route) => route.fulfill({ contentType: 'application/wasm', body: 'not the core' }),
  },
};

async function open_lesson(t, { head = '', wasm = (route) => route.continue() }) {
  const server = await start_course_server(t);
  const relay = await start_relay(t, server.origin);
  const visitor = await browser.new_visitor(t);
  await visitor.route(/\.wasm$/, wasm);
  const page = await visitor.newPage();
  const errors = [];
  page.on('pageerror', ({ message }) => errors.push(message));
  const tag = `<script async src="${relay.origin}/waypost/waypost.js"></script>`;
  server.pages.set('/course/lesson', course_page(head + tag));
  server.pages.set('/course/whole', course_page(tag));
  await page.goto(`${server.origin}/course/lesson`);
  await tracker_ready(page);
  return { server, relay, visitor, page, errors };
}

for (const [name, loss] of Object.entries(losses)) {
  test(`events are delivered although ${name}`, { skip: no_relay }, async (t) => {
    const { relay, page, errors } = await open_lesson(t, loss);
    const fates = await fates_of(page, [
      { verb: 'experienced' },
      { verb: 'complete' },
      { verb: 'answered', response: 'naïve 🙂', score: 0.1 },
    ]);
    assert.deepEqual(
      fates.map(({ stored, fate }) => [stored, fate]),
      [
        ['disk', 'delivered'],
        ['disk', 'event.verb-word'],
        ['disk', 'delivered'],
      ],
    );
    assert.equal(await relay.waiting(), 2);
    assert.equal(await page.evaluate(() => waypost.pending()), 0);
    assert.deepEqual(errors, [], 'to the page it is no error');
  });
}

test('a core that is slow is not waited for: events are on disk meanwhile', async (t) => {
  const server = await start_course_server(t);
  const page = await (await browser.new_visitor(t)).newPage();
  let load;
  const loading = new Promise((resolve) => (load = resolve));
  await page.route(/\.wasm$/, (route) => loading.then(() => route.continue()));
  t.after(load);
  await page.goto(`${server.origin}/course/lesson`);
  await page.waitForFunction(() => window.waypost);
  const early = await page.evaluate(() => waypost('initialized'));
  assert.equal(early.stored, 'journal');
  assert.equal(await page.evaluate(() => waypost.pending()), 1);
  const later = await page.evaluate(() => waypost('experienced'));
  assert.equal(later.stored, 'disk');
  load();
  await page.evaluate(() => waypost.flush());
  await server.until(() => server.stored.size === 2);
  assert.deepEqual([...server.stored.keys()], [early.id, later.id]);
  const { id } = await page.evaluate(() => waypost('completed'));
  await server.until(() => server.stored.has(id));
  assert.equal(server.posts.at(-1).kind, 'statements');
});
