// What a page says before the tracker has loaded survives the page.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

import { launch_shared_browser } from './support/chromium.mjs';
import { course_page, script_tag, start_course_server } from './support/course_server.mjs';

const stub_file = new URL('../../js/stub.js', import.meta.url);
const stub = (await readFile(stub_file, 'utf8')).trim().split('\n').at(-1);

const browser = await launch_shared_browser();

/** A visitor for whom the tracker's files do not come until `load()`. */
async function start_visit(t, options) {
  const server = await start_course_server(t, options);
  server.pages.set('/course/lesson', course_page(`<script>${stub}</script>${script_tag}`));
  server.pages.set('/elsewhere', course_page('', 'Elsewhere'));
  const visitor = await browser.new_visitor(t);
  let load;
  const loading = new Promise((resolve) => (load = resolve));
  await visitor.route(/\/assets\//, (route) =>
    loading.then(() => route.continue()).catch(() => {}),
  );
  t.after(load);
  const open = async () => {
    const page = await visitor.newPage();
    await page.goto(`${server.origin}/course/lesson`);
    await page.waitForFunction(() => window.waypost?.loading);
    return page;
  };
  return { server, load, open };
}

const track = (page, count, name) =>
  page.evaluate(
    ([events, prefix]) =>
      Promise.all(
        Array.from({ length: events }, (_, index) =>
          waypost('answered', { object: `https://courses.example.org/${prefix}/${index}` }),
        ),
      ),
    [count, name],
  );

const object_ids = (server) => [...server.stored.values()].map((statement) => statement.object.id);

const leave = (page, origin) =>
  Promise.all([
    page.waitForURL(`${origin}/elsewhere`),
    page.evaluate(() => void (location.href = '/elsewhere')),
  ]);

test('the page that stays delivers it, under the id that was told', async (t) => {
  const { server, load, open } = await start_visit(t);
  const page = await open();
  const said_ms = Date.now();
  const captured = await track(page, 3, 'early');
  assert.deepEqual(
    captured.map(({ stored }) => stored),
    ['journal', 'journal', 'journal'],
  );
  load();
  await page.evaluate(() => waypost.pending());
  const last = await page.evaluate(() => waypost('completed'));
  assert.equal(last.stored, 'disk');
  await server.until(() => server.stored.size === 4);
  assert.deepEqual([...server.stored.keys()], [...captured.map(({ id }) => id), last.id]);
  const [first] = server.stored.values();
  assert.ok(Math.abs(Date.parse(first.timestamp) - said_ms) < 5000);
  assert.match(first.actor.account.name, /^[0-9a-f-]{36}$/);
  assert.equal(await page.evaluate(() => localStorage.length), 0);
});

test('a page that leaves at once loses nothing, and the next one delivers it in order', async (t) => {
  const { server, load, open } = await start_visit(t);
  const page = await open();
  await Promise.all([
    page.waitForURL(`${server.origin}/elsewhere`),
    page.evaluate(() => {
      void waypost.defaults({ object: 'https://courses.example.org/said' });
      for (const response of ['one', 'two']) void waypost('answered', { response });
      void waypost.track({ verb: 'completed', object: 'https://courses.example.org/last' });
      location.href = '/elsewhere';
    }),
  ]);
  load();
  const next = await open();
  await next.evaluate(() => waypost('initialized'));
  await server.until(() => server.stored.size === 4);
  assert.deepEqual(object_ids(server), [
    'https://courses.example.org/said',
    'https://courses.example.org/said',
    'https://courses.example.org/last',
    `${server.origin}/course/lesson`,
  ]);
});

test('calls from before the script itself has loaded are kept too, with their time', async (t) => {
  const { server, load, open } = await start_visit(t);
  const calls = `Date.prototype.valueOf = () => 1795420800000;
    waypost('experienced').then((captured) => { window.captured = captured; });`;
  const head = `<script>${stub}</script><script>${calls}</script>${script_tag}`;
  server.pages.set('/course/lesson', course_page(head));
  const page = await open();
  const { id, stored } = await page
    .waitForFunction(() => window.captured)
    .then((h) => h.jsonValue());
  assert.equal(stored, 'journal');
  await leave(page, server.origin);
  load();
  server.pages.set('/course/lesson', course_page());
  await open();
  await server.until(() => server.stored.has(id));
  assert.equal(Date.parse(server.stored.get(id).timestamp), 1795420800000);
});

test('an event that throws when it is read costs nothing but itself', async (t) => {
  const { server, load, open } = await start_visit(t);
  const calls = `const object = 'https://courses.example.org/';
    const broken = { get object() { throw new Error('not to be read'); } };
    waypost.defaults(broken).catch(() => {});
    Promise.all([
      waypost('experienced', { object: object + 1 }),
      waypost('answered', broken).catch(({ message }) => message),
      waypost('completed', { object: object + 2 }),
    ]).then((told) => { window.told = told; });`;
  const head = `<script>${stub}</script><script>${calls}</script>${script_tag}`;
  server.pages.set('/course/lesson', course_page(head));
  const page = await open();
  load();
  const told = await page.waitForFunction(() => window.told);
  const [first, message, second] = await told.jsonValue();
  assert.equal(message, 'not to be read');
  await server.until(() => server.stored.size === 2);
  assert.deepEqual([...server.stored.keys()], [first.id, second.id]);
});

test('two tabs that write at once keep what each of them said', async (t) => {
  const { server, load, open } = await start_visit(t);
  const pages = [await open(), await open()];
  const captured = await Promise.all(pages.map((page, index) => track(page, 50, index)));
  await Promise.all(pages.map((page) => leave(page, server.origin)));
  load();
  await open();
  await server.until(() => server.stored.size === 100);
  assert.deepEqual(
    [...server.stored.keys()].sort(),
    captured
      .flat()
      .map(({ id }) => id)
      .sort(),
  );
});

test('what breaks a rule is told later, and does not come back', async (t) => {
  const { server, load, open } = await start_visit(t);
  const page = await open();
  const { id, stored } = await page.evaluate(() => {
    void waypost.on('rejected', (told) => (window.told = told));
    return waypost('complete');
  });
  assert.equal(stored, 'journal');
  load();
  const told = await page.waitForFunction(() => window.told).then((handle) => handle.jsonValue());
  assert.deepEqual([told.id, told.code, told.kept], [id, 'statement-invalid', false]);
  assert.equal(told.violations[0].rule, 'event.verb-word');
  assert.equal(await page.evaluate(() => localStorage.length), 0);
  assert.equal(server.posts.length, 0);
});

test('what the journal has no room for waits in the page', async (t) => {
  const { server, load, open } = await start_visit(t);
  const page = await open();
  await page.evaluate(() => {
    const response = 'x'.repeat(100 * 1024);
    window.early = Promise.all([1, 2, 3, 4].map(() => waypost('answered', { response })));
  });
  load();
  const captured = await page.evaluate(() => window.early);
  assert.deepEqual(
    captured.map(({ stored }) => stored),
    ['journal', 'journal', 'disk', 'disk'],
  );
  await server.until(() => server.stored.size === 4);
});

test('flush() waits for what the journal holds, also where the disk is slow', async (t) => {
  const { server, load, open } = await start_visit(t, { interval_ms: 3_600_000 });
  const page = await open();
  const [{ id }] = await track(page, 1, 'early');
  await page.evaluate(() => {
    const { add } = IDBObjectStore.prototype;
    const { set } = Object.getOwnPropertyDescriptor(IDBTransaction.prototype, 'oncomplete');
    IDBObjectStore.prototype.add = function (row) {
      this.transaction.adds_a_row = row.body !== undefined;
      return add.call(this, row);
    };
    Object.defineProperty(IDBTransaction.prototype, 'oncomplete', {
      set(run) {
        set.call(this, (event) => setTimeout(run, this.adds_a_row ? 500 : 0, event));
      },
    });
  });
  const flushed = page.evaluate(() => waypost.flush());
  load();
  await flushed;
  await server.until(() => server.stored.has(id));
});
