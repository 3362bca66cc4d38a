// The tracker in a page, as a course uses it.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

import { launch_shared_browser } from './support/chromium.mjs';
import { course_page, script_tag, start_course_server } from './support/course_server.mjs';

const stub_file = new URL('../../js/stub.js', import.meta.url);
const stub = (await readFile(stub_file, 'utf8')).trim().split('\n').at(-1);

const browser = await launch_shared_browser();

async function open_lesson(t, head = script_tag) {
  const server = await start_course_server(t);
  const visitor = await browser.new_visitor(t);
  const page = await visitor.newPage();
  server.pages.set('/course/lesson', course_page(head));
  await page.goto(`${server.origin}/course/lesson?from=mail#part`);
  await page.waitForFunction(() => window.waypost);
  await page.evaluate(() => waypost.flush()); // Now the tracker is there.
  return { server, visitor, page };
}

const object_ids = (server) => [...server.stored.values()].map((statement) => statement.object.id);

test('calls made before the script has loaded are kept in order and their promises resolve', async (t) => {
  const calls = `
    waypost('experienced', { object: 'https://courses.example.org/1' });
    waypost.track({ verb: 'answered', object: 'https://courses.example.org/2' })
      .then((captured) => { window.captured = captured; });
    waypost('completed', { object: 'https://courses.example.org/3', score: 0.8 });`;
  const { server, page } = await open_lesson(
    t,
    `<script>${stub}</script><script>${calls}</script>${script_tag}`,
  );
  await server.until(() => server.stored.size === 3);
  assert.deepEqual(
    object_ids(server),
    [1, 2, 3].map((number) => `https://courses.example.org/${number}`),
  );
  const captured = await page.evaluate(() => window.captured);
  assert.deepEqual(captured, { id: [...server.stored.keys()][1], stored: 'journal' });
});

test('a page with the script tag alone reports with what it knows of itself', async (t) => {
  const { server, page } = await open_lesson(t);
  const { id } = await page.evaluate(() => waypost('completed'));
  await server.until(() => server.stored.has(id));
  const statement = server.stored.get(id);
  assert.equal(statement.object.id, `${server.origin}/course/lesson`);
  assert.equal(statement.object.definition.name.en, 'Lesson one');
  assert.equal(statement.verb.id, 'http://adlnet.gov/expapi/verbs/completed');
  assert.equal(statement.actor.account.homePage, `${server.origin}/waypost/self-declared`);
  assert.match(statement.actor.account.name, /^[0-9a-f-]{36}$/);
  assert.ok(Math.abs(Date.parse(statement.timestamp) - Date.now()) < 60_000);
});

test('a browser that cannot end requests by the clock reports all the same', async (t) => {
  const { server, page } = await open_lesson(
    t,
    `<script>delete AbortSignal.timeout</script>${script_tag}`,
  );
  const { id } = await page.evaluate(() => waypost('completed'));
  await server.until(() => server.stored.has(id));
});

test('the pseudonym of a learner stays the same from page to page', async (t) => {
  const { server, visitor, page } = await open_lesson(t);
  await page.evaluate(() => waypost('experienced'));
  const second = await visitor.newPage();
  await second.goto(`${server.origin}/course/lesson`);
  await second.waitForFunction(() => window.waypost);
  await second.evaluate(() => waypost.flush()); // Now the tracker is there.
  await second.evaluate(() => waypost('completed'));
  await server.until(() => server.stored.size === 2);
  const names = [...server.stored.values()].map((statement) => statement.actor.account.name);
  assert.equal(names[0], names[1]);
});

test('what the page says of all its events is used, and does not displace the rest', async (t) => {
  const { server, page } = await open_lesson(t);
  await page.evaluate(async () => {
    await waypost.defaults({ actor: { mbox: 'mailto:ada@example.org' } });
    await waypost.defaults({ object: 'https://courses.example.org/first-aid' });
    await waypost('completed');
    await waypost('answered', { object: 'https://courses.example.org/first-aid/quiz' });
  });
  await server.until(() => server.stored.size === 2);
  for (const { actor } of server.stored.values())
    assert.equal(actor.mbox, 'mailto:ada@example.org');
  assert.deepEqual(object_ids(server), [
    'https://courses.example.org/first-aid',
    'https://courses.example.org/first-aid/quiz',
  ]);
});

test('what is undefined in the defaults of a page is not said', async (t) => {
  const calls = `waypost.defaults({ actor: undefined, object: undefined, language: undefined });
    waypost('experienced');`;
  const head = `<script>${stub}</script><script>${calls}</script>${script_tag}`;
  const { server, page } = await open_lesson(t, head);
  await page.evaluate(() => waypost('completed'));
  await server.until(() => server.stored.size === 2);
  const [early, later] = server.stored.values();
  assert.deepEqual(later.actor, early.actor);
  assert.deepEqual(later.object, early.object);
  assert.equal(later.object.definition.name.en, 'Lesson one');
});

test('the script may be there twice, and may come from another origin than the page', async (t) => {
  const server = await start_course_server(t);
  const page = await (await browser.new_visitor(t)).newPage();
  const elsewhere = `http://127.0.0.1:${server.port}`;
  const tag = `<script async src="${elsewhere}/waypost/waypost.js"></script>`;
  server.pages.set('/course/lesson', course_page(`<script>${stub}</script>${tag}${tag}`));
  await page.goto(`${server.origin}/course/lesson`);
  const { id } = await page.evaluate(() => waypost('completed'));
  await server.until(() => server.stored.has(id));
  assert.equal(server.posts.length, 1);
  assert.equal(server.posts[0].headers.host, `127.0.0.1:${server.port}`);
});

test('a tracker that did not load at first loads later, and no call is lost', async (t) => {
  const server = await start_course_server(t);
  const page = await (await browser.new_visitor(t)).newPage();
  const failing = /\/assets\//;
  let failures = 0;
  await page.route(failing, async (route) => {
    failures += 1;
    if (failures > 2) await route.continue();
    else await route.fulfill({ status: 503, body: 'Not now' });
  });
  await page.goto(`${server.origin}/course/lesson`);
  await page.waitForFunction(() => window.waypost);
  await page.evaluate(() => waypost.flush()); // Now the tracker is there.
  const { id } = await page.evaluate(() => waypost('completed'));
  await server.until(() => server.stored.has(id));
  assert.ok(failures > 2);
});

test('a loader that a cache has kept from before an update makes way for the new one', async (t) => {
  const server = await start_course_server(t);
  const page = await (await browser.new_visitor(t)).newPage();
  let let_come;
  const coming = new Promise((resolve) => (let_come = resolve));
  // The tracker's files have other names after each change, and the former ones are gone.
  server.loader = (text, address) =>
    address === '/waypost/waypost.js'
      ? text.replaceAll(/(tracker|waypost|panel)-[0-9a-f]{16}\./g, '$1-former.')
      : coming.then(() => text);
  await page.goto(`${server.origin}/course/lesson?waypost-debug`);
  await page.waitForFunction(() => window.waypost);
  const early = await page.evaluate(() => waypost('answered'));
  assert.equal(early.stored, 'journal');
  let_come();
  await page.evaluate(() => waypost.flush()); // Now the tracker is there.
  const { id } = await page.evaluate(() => waypost('completed'));
  await server.until(() => server.stored.has(id));
  assert.deepEqual([...server.stored.keys()], [early.id, id]);
  assert.equal(await page.locator('[data-waypost-panel]').count(), 1);
});

test('it works in a page that is not a secure context', async (t) => {
  const server = await start_course_server(t);
  const page = await (await browser.new_visitor(t)).newPage();
  await page.goto(`http://insecure.test:${server.port}/course/lesson`);
  await page.waitForFunction(() => window.waypost);
  await page.evaluate(() => waypost.pending()); // Now the tracker is there.
  const { id, stored } = await page.evaluate(() => waypost('completed'));
  assert.equal(await page.evaluate(() => isSecureContext), false);
  assert.equal(stored, 'disk');
  await server.until(() => server.stored.has(id));
});

test('an event that breaks a rule is refused with the rule, and told to listeners', async (t) => {
  const { server, page } = await open_lesson(t);
  const { error, told } = await page.evaluate(async () => {
    const told = new Promise((resolve) => waypost.on('rejected', resolve));
    const error = await waypost('completed', { score: 'very good' }).catch(
      ({ code, message, violations }) => ({ code, message, violations }),
    );
    return { error, told: await told };
  });
  assert.match(error.message, /^\/score: Write the score/);
  assert.equal(error.code, 'statement-invalid');
  assert.ok(error.violations.length > 0);
  assert.deepEqual(Object.keys(error.violations[0]).sort(), ['message', 'path', 'rule']);
  assert.equal(told.code, 'statement-invalid');
  assert.equal(told.kept, false);
  assert.deepEqual(told.violations, error.violations);
  assert.equal(await page.evaluate(() => waypost.pending()), 0);
  assert.equal(server.posts.length, 0);
});

test('what is wrong with an event as a whole is said without a path', async (t) => {
  const { page } = await open_lesson(t);
  const message = await page.evaluate(() => waypost.track({}).catch((error) => error.message));
  assert.match(message, /^Add verb/);
});

test('a page hears when its statements are delivered, and stops hearing when it wants', async (t) => {
  const { page } = await open_lesson(t);
  const { id, ids, after_off } = await page.evaluate(async () => {
    let heard = 0;
    const count = () => (heard += 1);
    await waypost.on('delivered', count);
    const delivered = new Promise((resolve) => waypost.on('delivered', resolve));
    const { id } = await waypost('completed');
    const { ids } = await delivered;
    await waypost.off('delivered', count);
    const again = new Promise((resolve) => waypost.on('delivered', resolve));
    await waypost('completed');
    await again;
    return { id, ids, after_off: heard };
  });
  assert.deepEqual(ids, [id]);
  assert.equal(after_off, 1);
});

test("a listener that throws is the page's own error, and stops nobody else", async (t) => {
  const { page } = await open_lesson(t);
  const thrown = page.waitForEvent('pageerror');
  const { id, ids } = await page.evaluate(async () => {
    await waypost.on('delivered', () => {
      throw new Error('in a listener');
    });
    const delivered = new Promise((resolve) => waypost.on('delivered', resolve));
    const { id } = await waypost('completed');
    return { id, ids: (await delivered).ids };
  });
  assert.deepEqual(ids, [id]);
  assert.equal((await thrown).message, 'in a listener');
});

test('what decides a course waits for the disk itself, the rest does not', async (t) => {
  const server = await start_course_server(t);
  const page = await (await browser.new_visitor(t)).newPage();
  await page.addInitScript(() => {
    window.durabilities = [];
    const { transaction } = IDBDatabase.prototype;
    IDBDatabase.prototype.transaction = function (stores, mode, options) {
      if (options !== undefined) window.durabilities.push(options.durability);
      return transaction.call(this, stores, mode, options);
    };
  });
  await page.goto(`${server.origin}/course/lesson`);
  await page.waitForFunction(() => window.waypost);
  await page.evaluate(() => waypost.flush()); // Now the tracker is there.
  const durabilities = await page.evaluate(async () => {
    await waypost('experienced');
    await waypost('passed');
    await waypost('answered', { score: 0.5 });
    // One tick: the first has its transaction, the other two share one.
    await Promise.all([waypost('experienced'), waypost('terminated'), waypost('experienced')]);
    return window.durabilities;
  });
  assert.deepEqual(durabilities, ['relaxed', 'strict', 'strict', 'relaxed', 'strict']);
});

test('a hidden page sends what waits without waiting for the interval', async (t) => {
  const server = await start_course_server(t, { interval_ms: 3_600_000 });
  const page = await (await browser.new_visitor(t)).newPage();
  await page.goto(`${server.origin}/course/lesson`);
  await page.waitForFunction(() => window.waypost);
  await page.evaluate(() => waypost.flush()); // Now the tracker is there.
  const { id } = await page.evaluate(() => waypost('completed'));
  assert.equal(server.posts.length, 0);
  await page.evaluate(() => {
    Object.defineProperty(document, 'visibilityState', { value: 'hidden' });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  await server.until(() => server.stored.has(id));
});
