// A disk that fails while a page lives: nothing accepted is lost, and no promise hangs.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { launch_shared_browser } from './support/chromium.mjs';
import { bad_gateway, start_course_server } from './support/course_server.mjs';

const browser = await launch_shared_browser();

/** @param {() => void} [before] runs in the page before anything else */
async function open_lesson(t, before, has_own_clock = false) {
  const server = await start_course_server(t, { interval_ms: 3_600_000 });
  const visitor = await browser.new_visitor(t);
  const open = async (prepare) => {
    const page = await visitor.newPage();
    if (has_own_clock) await page.clock.install();
    if (prepare !== undefined) await page.addInitScript(prepare);
    await page.goto(`${server.origin}/course/lesson`);
    await page.waitForFunction(() => window.waypost);
    await page.evaluate(() => waypost.flush()); // Now the tracker is there.
    return page;
  };
  return { server, open, page: await open(before) };
}

const track = (page) => page.evaluate(() => waypost('completed'));

async function next_page_delivers(server, open, id) {
  server.answer = (request) => server.accept(request);
  const next = await open();
  await next.evaluate(() => waypost.flush());
  await server.until(() => server.stored.has(id));
}

/** Runs in a page: opening a database fails. */
const refuse_to_open = () => {
  IDBFactory.prototype.open = () => {
    throw new DOMException('No.', 'UnknownError');
  };
};

/** Runs in a page: every write fails like this one. */
const fill_disk = () => {
  const { add } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.add = function (row) {
    if (row.body === undefined) return add.call(this, row); // The making of the database.
    this.transaction.abort();
    throw new DOMException('Full.', 'QuotaExceededError');
  };
  window.make_room = () => void (IDBObjectStore.prototype.add = add);
};

for (const [name, fault] of [
  ['the database does not open', refuse_to_open],
  ['the disk is full', fill_disk],
]) {
  test(`although ${name} the page delivers at once, from the journal`, async (t) => {
    const { server, page } = await open_lesson(t, fault);
    const { id, stored } = await track(page);
    assert.equal(stored, 'journal');
    await server.until(() => server.stored.has(id));
    await page.waitForFunction(() => localStorage.length === 0);
  });

  test(`although ${name} the next page delivers what this one could not`, async (t) => {
    const { server, open, page } = await open_lesson(t, fault);
    server.answer = bad_gateway;
    const { id } = await track(page);
    await server.until(() => server.posts.length > 0);
    assert.equal(await page.evaluate(() => waypost.pending()), 1);
    await page.close();
    await next_page_delivers(server, open, id);
  });
}

test('what a full disk could not take moves there when it has room', async (t) => {
  const { server, open, page } = await open_lesson(t, fill_disk, true);
  server.answer = bad_gateway;
  const { id, stored } = await track(page);
  assert.equal(stored, 'journal');
  await page.evaluate(() => window.make_room());
  await page.clock.runFor(5000);
  await page.waitForFunction(() => localStorage.length === 0);
  assert.equal(await page.evaluate(() => waypost.pending()), 1);
  await page.close();
  await next_page_delivers(server, open, id);
});

test('a database that never opens is not waited for', async (t) => {
  const { server, page } = await open_lesson(t, () => {
    IDBFactory.prototype.open = () => /** @type {any} */ ({});
  });
  const { id, stored } = await track(page);
  assert.equal(stored, 'journal');
  await server.until(() => server.stored.has(id));
});

test('a write that hangs while a page lives is not waited for', async (t) => {
  const { server, page } = await open_lesson(t, undefined, true);
  await page.evaluate(() => {
    Object.defineProperty(IDBTransaction.prototype, 'oncomplete', { set() {} });
  });
  const told = track(page);
  await page.clock.runFor(1000);
  assert.equal(server.posts.length, 0);
  await page.clock.runFor(10_000);
  const { id, stored } = await told;
  assert.equal(stored, 'journal');
  await server.until(() => server.stored.has(id));
});

test('a database that answers nothing more holds no promise up, nor the sending', async (t) => {
  const { server, page } = await open_lesson(t, undefined, true);
  const { id } = await track(page);
  await page.evaluate(() => {
    const { get, count } = IDBObjectStore.prototype;
    IDBObjectStore.prototype.get = function (key) {
      return this.name === 'waiting' ? {} : get.call(this, key);
    };
    IDBObjectStore.prototype.count = () => ({});
    window.mend = () => Object.assign(IDBObjectStore.prototype, { get, count });
  });
  const counted = page.evaluate(() => waypost.pending().catch(({ name }) => name));
  await page.evaluate(() => waypost.flush());
  await page.clock.runFor(11_000);
  assert.equal(await counted, 'TimeoutError');
  assert.equal(server.posts.length, 0);
  await page.evaluate(() => window.mend());
  await page.clock.runFor(30_000);
  await page.evaluate(() => waypost.flush());
  await server.until(() => server.stored.has(id));
});

test('a page whose storage the browser has cleared sends what it knows', async (t) => {
  const { server, page } = await open_lesson(t);
  const { id } = await track(page);
  const tools = await page.context().newCDPSession(page);
  const { origin } = server;
  await tools.send('Storage.clearDataForOrigin', { origin, storageTypes: 'all' });
  await page.waitForFunction(async () => (await waypost.pending()) === 1);
  await page.evaluate(() => waypost.flush());
  await server.until(() => server.stored.has(id));
  const later = await track(page);
  assert.equal(later.stored, 'disk');
});

test('a page whose database was deleted puts back what it has not sent', async (t) => {
  const { server, open, page } = await open_lesson(t);
  const first = await track(page);
  await page.evaluate(
    () =>
      new Promise((resolve) => (indexedDB.deleteDatabase('waypost-example').onsuccess = resolve)),
  );
  const second = await track(page);
  assert.equal(first.stored, 'disk');
  await page.waitForFunction(async () => (await waypost.pending()) === 2);
  const other = await open();
  await other.evaluate(() => waypost.flush());
  await server.until(() => server.stored.has(first.id) && server.stored.has(second.id));
});
