// What reaches the relay, and what stays in the browser, whatever the network answers.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { launch_shared_browser } from './support/chromium.mjs';
import { bad_gateway, json_answer, start_course_server } from './support/course_server.mjs';
import { drained, open_lesson, track_answers } from './support/lesson_page.mjs';

const browser = await launch_shared_browser();

const pending = (page) => page.evaluate(() => waypost.pending());

/** Makes a page that waits for a retry try now, as when the network comes back. */
const retry = (page) => page.evaluate(() => window.dispatchEvent(new Event('online')));

for (const [name, failure] of [
  ['the relay is down behind its web server', bad_gateway],
  ['the connection is reset', () => 'hang up'],
  ['a captive portal answers 200 with a page', () => html_200],
  ['a captive portal answers 200 with JSON of its own', () => json_answer(200, { ok: true })],
  ['an answer is to another request', () => json_answer(200, foreign_answer)],
  [
    'an answer does not say that it is JSON',
    (request) => ({ ...listing(request), type: 'text/html' }),
  ],
  ['the relay has no disk', () => json_answer(507, { error: { code: 'storage-full' } })],
  ['the relay is busy', () => ({ ...json_answer(429, {}), headers: { 'retry-after': '1' } })],
  ['a login page is put in front', () => redirect],
]) {
  test(`nothing is removed while ${name}, and all is delivered once after`, async (t) => {
    const { server, page } = await open_lesson(t, browser);
    server.answer = failure;
    const ids = await track_answers(page, 5);
    await server.until(() => server.posts.length >= 1);
    assert.equal(await pending(page), 5);
    server.answer = (request) => server.accept(request);
    await retry(page);
    await server.until(() => server.stored.size === 5);
    await page.evaluate(drained);
    assert.deepEqual([...server.stored.keys()].sort(), [...ids].sort());
  });
}

/** The relay's answer, except that nothing was stored. */
const listing = ({ nonce, entries }) => {
  const accepted = entries.map(({ id }) => id);
  return json_answer(200, { v: 1, nonce, accepted, duplicate: [], rejected: [] });
};

const html_200 = { status: 200, type: 'text/html', body: '<h1>Welcome to the airport</h1>' };
const redirect = {
  status: 302,
  type: 'text/html',
  body: '',
  headers: { location: '/course/lesson' },
};
const foreign_answer = {
  v: 1,
  nonce: 'somebody-elses-1',
  accepted: [],
  duplicate: [],
  rejected: [],
};

test('a redirect carries no statement to where it leads', async (t) => {
  const { server, page } = await open_lesson(t, browser);
  const elsewhere = await start_course_server(t);
  const location = `${elsewhere.origin}/waypost/post`;
  server.answer = () => ({ ...redirect, status: 307, headers: { location } });
  await track_answers(page, 3);
  await server.until(() => server.posts.length >= 1);
  await retry(page);
  await server.until(() => server.posts.length >= 2); // The first answer was judged.
  assert.equal(elsewhere.posts.length, 0);
  assert.equal(await pending(page), 3);
  server.answer = (request) => server.accept(request);
  await retry(page);
  await page.evaluate(drained);
  assert.equal(server.stored.size, 3);
});

test('an outage is reported once when it begins and once when it ends', async (t) => {
  const { server, page } = await open_lesson(t, browser);
  await page.evaluate(() => {
    window.reports = [];
    return waypost.on('blocked', (report) => window.reports.push(report));
  });
  server.answer = bad_gateway;
  await track_answers(page, 1);
  await server.until(() => server.posts.length >= 1);
  await retry(page);
  await server.until(() => server.posts.length >= 2);
  server.answer = (request) => server.accept(request);
  await retry(page);
  await server.until(() => server.stored.size === 1);
  await page.evaluate(drained);
  const reports = await page.evaluate(() => window.reports);
  assert.deepEqual(
    reports.map(({ condition, raised }) => [condition, raised]),
    [
      ['outage', true],
      ['outage', false],
    ],
  );
  assert.equal(reports[0].status, 502);
});

test('only what an answer lists is removed', async (t) => {
  const { server, page } = await open_lesson(t, browser);
  let listed;
  server.answer = (request) => {
    listed ??= request.entries[1].id;
    const entries = request.entries.filter((entry) => entry.id === listed);
    return entries.length > 0 ? server.accept({ ...request, entries }) : bad_gateway();
  };
  const ids = await track_answers(page, 3);
  await server.until(() => server.posts.length >= 2);
  assert.equal(await pending(page), 2);
  server.answer = (request) => server.accept(request);
  await retry(page);
  await page.evaluate(drained);
  assert.deepEqual([...server.stored.keys()].sort(), [...ids].sort());
});

test('a statement that the relay refuses becomes a dead letter, its neighbours pass', async (t) => {
  const { server, page } = await open_lesson(t, browser);
  const told = page.evaluate(() => new Promise((resolve) => waypost.on('rejected', resolve)));
  const violations = [{ path: '/object', rule: 'course.unknown', message: 'No such course.' }];
  server.answer = (request) => {
    const poison = request.entries.find(({ object }) => object.id.endsWith('/1'));
    return server.accept(request, new Map([[poison?.id, { kept: false, violations }]]));
  };
  const ids = await track_answers(page, 3);
  const { id, kept, ...rest } = await told;
  assert.deepEqual(
    { id, kept, violations: rest.violations },
    { id: ids[1], kept: false, violations },
  );
  await page.evaluate(drained);
  assert.deepEqual([...server.stored.keys()], [ids[0], ids[2]]);
  const [letter, ...others] = await dead_letters(page);
  assert.equal(others.length, 0);
  assert.equal(letter.id, ids[1]);
  assert.deepEqual(letter.reason, violations);
  assert.equal(JSON.parse(letter.body).id, ids[1]);
});

test("what one learner said offline stays theirs when another's page sends it", async (t) => {
  const { server, visitor, page } = await open_lesson(t, browser);
  const sign_in = (tab, name) =>
    tab.evaluate((account) => waypost.defaults({ actor: { account } }), {
      homePage: 'https://example.org',
      name,
    });
  server.answer = bad_gateway;
  await sign_in(page, 'ada');
  const [of_ada] = await track_answers(page, 1);
  await page.close();
  server.answer = (request) => server.accept(request);
  const next = await visitor.newPage();
  await next.goto(`${server.origin}/course/lesson`);
  await next.waitForFunction(() => window.waypost);
  await sign_in(next, 'bob');
  const [of_bob] = await track_answers(next, 1);
  await server.until(() => server.stored.size === 2);
  const name_of = (id) => server.stored.get(id).actor.account.name;
  assert.deepEqual([name_of(of_ada), name_of(of_bob)], ['ada', 'bob']);
});

test('what the relay refuses but keeps leaves the browser', async (t) => {
  const { server, page } = await open_lesson(t, browser);
  const told = page.evaluate(() => new Promise((resolve) => waypost.on('rejected', resolve)));
  server.answer = (request) =>
    server.accept(request, new Map([[request.entries[0].id, { kept: true, violations: [] }]]));
  const [id] = await track_answers(page, 1);
  assert.equal((await told).id, id);
  await page.evaluate(drained);
  assert.deepEqual(await dead_letters(page), []);
});

test('the bytes of a statement do not change from one attempt to the next', async (t) => {
  const { server, page } = await open_lesson(t, browser);
  server.answer = bad_gateway;
  await page.evaluate(() => waypost('answered', { response: 'ï»¿ naïve 🙂', score: 0.1 }));
  await server.until(() => server.posts.length >= 1);
  server.answer = (request) => server.accept(request);
  await retry(page);
  await server.until(() => server.stored.size === 1);
  const [first, second] = server.posts.map(({ text }) => text.slice(text.indexOf('"entries":')));
  assert.equal(first, second);
});

test('two tabs on one queue deliver everything, and nothing twice in effect', async (t) => {
  const { server, visitor, page } = await open_lesson(t, browser);
  server.answer = bad_gateway;
  const ids = await track_answers(page, 30);
  const other = await visitor.newPage();
  await other.goto(`${server.origin}/course/lesson`);
  await other.waitForFunction(() => window.waypost);
  await other.evaluate(() => waypost.flush()); // Now the tracker is there.
  ids.push(...(await track_answers(other, 30)));
  server.answer = (request) => server.accept(request);
  await Promise.all([retry(page), retry(other)]);
  await Promise.all([page.evaluate(drained), other.evaluate(drained)]);
  assert.deepEqual([...server.stored.keys()].sort(), ids.sort());
});

test('a tab is not held up by what another tab has delivered', async (t) => {
  const { server, visitor, page } = await open_lesson(t, browser);
  server.answer = bad_gateway;
  const cleared = page.evaluate(
    () => new Promise((resolve) => waypost.on('blocked', ({ raised }) => raised || resolve())),
  );
  await track_answers(page, 3);
  await server.until(() => server.posts.length >= 1);
  server.answer = (request) => server.accept(request);
  const other = await visitor.newPage();
  await other.goto(`${server.origin}/course/lesson`);
  await server.until(() => server.stored.size === 3);
  await page.evaluate(drained);
  await retry(page);
  await cleared;
  const [id] = await track_answers(page, 1);
  await server.until(() => server.stored.has(id));
});

test("the interval of the relay's answers takes the place of the loader's", async (t) => {
  const { server, page } = await open_lesson(t, browser, { interval_ms: 3_600_000 });
  server.answer = (request) => {
    const answer = server.accept(request);
    return { ...answer, body: JSON.stringify({ ...JSON.parse(answer.body), interval_ms: 10 }) };
  };
  await track_answers(page, 1);
  await page.evaluate(() => waypost.flush());
  await server.until(() => server.stored.size === 1);
  await page.evaluate(drained);
  await track_answers(page, 1);
  await server.until(() => server.stored.size === 2);
});

test('a page that comes back from the cache tries at once', async (t) => {
  const { server, page } = await open_lesson(t, browser, { interval_ms: 3_600_000 });
  const [id] = await track_answers(page, 1);
  assert.equal(server.posts.length, 0);
  await page.evaluate(() =>
    window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })),
  );
  await server.until(() => server.stored.has(id));
});

test('requests carry what to add to the clock of this browser, once it is known', async (t) => {
  const { server, page } = await open_lesson(t, browser);
  const ahead_ms = 3_600_000;
  server.answer = (request) => {
    const answer = server.accept(request);
    const body = { ...JSON.parse(answer.body), server_ms: Date.now() + ahead_ms };
    return { ...answer, body: JSON.stringify(body) };
  };
  await track_answers(page, 1);
  await page.evaluate(drained);
  await track_answers(page, 1);
  await page.evaluate(drained);
  const [first, second] = server.posts;
  assert.equal(first.offset_ms, 0);
  assert.ok(Math.abs(second.offset_ms - ahead_ms) < 60_000, String(second.offset_ms));
});

test('a long queue of an earlier page is delivered whole and in order', async (t) => {
  const { server, page } = await open_lesson(t, browser);
  server.answer = bad_gateway;
  const ids = await track_answers(page, 1500);
  server.answer = (request) => server.accept(request);
  await page.reload();
  await server.until(() => server.stored.size === ids.length);
  assert.deepEqual([...server.stored.keys()], ids);
});

/** What the tracker set aside, read as a person would in the browser's own tools. */
const dead_letters = (page) =>
  page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const opening = indexedDB.open('waypost-example');
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const reading = opening.result.transaction('dead').objectStore('dead').getAll();
          reading.onsuccess = () => resolve(reading.result);
        };
      }),
  );
