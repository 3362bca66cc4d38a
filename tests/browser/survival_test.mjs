// Promise 1: what track() says is on disk survives the page and the browser.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

import { launch_browser, make_profile } from './support/chromium.mjs';
import { bad_gateway, course_page, start_course_server } from './support/course_server.mjs';

async function open_lesson(server, browser) {
  const page = await browser.new_page();
  await page.goto(`${server.origin}/course/lesson`);
  await page.waitForFunction(() => window.waypost);
  await page.evaluate(() => waypost.pending()); // Now the tracker is there, and its database.
  return page;
}

test('the browser is killed with the relay down, and the next visit delivers everything', async (t) => {
  const server = await start_course_server(t);
  const profile = await make_profile(t);
  server.answer = bad_gateway;
  const first = await launch_browser(t, profile);
  const page = await open_lesson(server, first);
  const captured = await page.evaluate(() =>
    Promise.all([
      ...Array.from({ length: 20 }, (_, index) =>
        waypost('answered', { object: `https://courses.example.org/quiz/${index}` }),
      ),
      waypost('completed', { object: 'https://courses.example.org/quiz', score: 0.9 }),
    ]),
  );
  for (const { stored } of captured) assert.equal(stored, 'disk');
  await first.kill();
  assert.equal(server.stored.size, 0);

  server.answer = (request) => server.accept(request);
  await open_lesson(server, await launch_browser(t, profile));
  await server.until(() => server.stored.size === captured.length);
  assert.deepEqual(
    [...server.stored.keys()],
    captured.map(({ id }) => id),
  );
});

test('a page that leaves in the very tick of the call loses nothing', async (t) => {
  const server = await start_course_server(t, { interval_ms: 3_600_000 });
  const browser = await launch_browser(t, await make_profile(t));
  server.pages.set('/elsewhere', course_page('', 'Elsewhere'));
  const page = await open_lesson(server, browser);
  await page.evaluate(() => waypost('experienced'));
  await Promise.all([
    page.waitForURL(`${server.origin}/elsewhere`),
    page.evaluate(() => {
      void waypost('completed', { object: 'https://courses.example.org/last' });
      location.href = '/elsewhere';
    }),
  ]);
  await open_lesson(server, browser);
  await server.until(() =>
    [...server.stored.values()].some(({ object }) => object.id.endsWith('/last')),
  );
});

for (const version of [1, 2]) {
  test(`entries that waited in a database of version ${version} are sent`, async (t) => {
    const server = await start_course_server(t);
    const dump_file = new URL(`../fixtures/indexeddb_v${version}.json`, import.meta.url);
    const dump = JSON.parse(await readFile(dump_file, 'utf8'));
    const browser = await launch_browser(t, await make_profile(t));
    server.pages.set('/empty', course_page('', 'No tracker here'));
    const page = await browser.new_page();
    await page.goto(`${server.origin}/empty`);
    await page.evaluate(restore_database, dump);

    await page.goto(`${server.origin}/course/lesson`);
    const waiting = dump.stores.waiting.rows.map(({ value }) => value);
    await server.until(() => server.stored.size === waiting.length);
    for (const { id, body } of waiting) {
      assert.ok(server.posts.some(({ text }) => text.includes(body)));
      assert.ok(server.stored.has(id));
    }
    const { id } = await page.evaluate(() => waypost('completed'));
    await server.until(() => server.stored.has(id));
    const learner = dump.stores.settings.rows.find(({ key }) => key === 'learner').value;
    assert.equal(server.stored.get(id).actor.account.name, learner);
  });
}

/** Runs in the page: makes the database that the dump describes. */
function restore_database({ name, version, stores }) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(name, version);
    opening.onerror = () => reject(opening.error);
    opening.onupgradeneeded = () => {
      for (const [store_name, { options, indexes, rows }] of Object.entries(stores)) {
        const store = opening.result.createObjectStore(store_name, options);
        for (const index of indexes) store.createIndex(index.name, index.key_path);
        for (const { key, value } of rows) {
          if (options.keyPath === undefined) store.put(value, key);
          else store.put(value);
        }
      }
    };
    opening.onsuccess = () => {
      opening.result.close();
      resolve();
    };
  });
}
