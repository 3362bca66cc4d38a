// ?waypost-debug: what the panel shows of the queue, of deliveries and of refusals.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

import { launch_shared_browser } from './support/chromium.mjs';
import {
  bad_gateway,
  course_page,
  script_tag,
  start_course_server,
} from './support/course_server.mjs';

const read = (path) => readFile(new URL(`../../${path}`, import.meta.url), 'utf8');
const stub = (await read('js/stub.js')).trim().split('\n').at(-1);
const [, policy_of_the_page] = /```csp\n(.*?)\n```/s.exec(await read('docs/authors.md'));

const browser = await launch_shared_browser();

const address = (server) => `${server.origin}/course/lesson?waypost-debug`;

async function open_panel(t, { head = script_tag, options = {} } = {}) {
  const server = await start_course_server(t);
  const visitor = await browser.new_visitor(t, options);
  const page = await visitor.newPage();
  server.pages.set('/course/lesson', course_page(head));
  return { server, visitor, page, open: () => page.goto(address(server)) };
}

/** A section of the panel; Playwright looks into open shadow roots. */
const section = (page, name) => page.locator(`[data-waypost-panel] section.${name}`);

const count_is = (page, name, count) =>
  section(page, name).locator('.count').getByText(String(count), { exact: true }).waitFor();

test('a page without the parameter fetches no panel', async (t) => {
  const server = await start_course_server(t);
  const page = await (await browser.new_visitor(t)).newPage();
  const fetched = [];
  page.on('request', (request) => fetched.push(new URL(request.url()).pathname));
  await page.goto(`${server.origin}/course/lesson?waypost=debug`);
  await page.waitForFunction(() => window.waypost);
  await page.evaluate(() => waypost.pending());
  assert.ok(fetched.some((path) => /\/tracker-/.test(path)));
  assert.ok(!fetched.some((path) => /\/panel-/.test(path)));
  assert.equal(await page.locator('[data-waypost-panel]').count(), 0);
});

test('there is one panel, also where the tracker loads after it', async (t) => {
  const { page, open } = await open_panel(t);
  let is_first = true;
  await page.route(/\/tracker-/, (route) => {
    const fails = is_first;
    is_first = false;
    return fails ? route.fulfill({ status: 503, body: 'Not now' }) : route.continue();
  });
  await open();
  await page.waitForFunction(() => window.waypost);
  await page.evaluate(() => waypost.flush()); // Now the tracker is there.
  assert.equal(await page.locator('[data-waypost-panel]').count(), 1);
});

test('what waits is listed with its attempts and its next one, and is delivered later', async (t) => {
  const { server, page, open } = await open_panel(t);
  server.answer = bad_gateway;
  await open();
  await page.waitForFunction(() => window.waypost);
  const { id } = await page.evaluate(() =>
    waypost('answered', {
      object: { id: 'https://courses.example.org/quiz/1', name: 'How long?' },
      response: '20 minutes',
    }),
  );
  const waiting = section(page, 'waiting');
  await waiting.getByText(/^\d+ (try|tries), next (now|in \d+ s)$/).waitFor();
  await count_is(page, 'waiting', 1);
  await page.getByText('The relay cannot take anything now (status 502)').waitFor();
  await waiting.getByText('How long?', { exact: true }).click();
  await waiting.getByText(id, { exact: true }).waitFor();
  await waiting.getByText('"response": "20 minutes"').waitFor();

  server.answer = (request) => server.accept(request);
  await page.getByRole('button', { name: 'Send now' }).click();
  await section(page, 'delivered').getByText('How long?', { exact: true }).waitFor();
  await count_is(page, 'waiting', 0);
  await page.getByText('The relay cannot take anything now').waitFor({ state: 'hidden' });
});

/** Keeps the panel from loading until the tracker has told what was wrong, if it does not wait. */
async function hold_panel(page) {
  const told = page.waitForEvent('console', (message) => message.text().startsWith('waypost:'));
  const tracker_is_there = page.waitForEvent('requestfinished', (request) =>
    /\/tracker-/.test(request.url()),
  );
  await page.route(/\/panel-/, async (route) => {
    await tracker_is_there;
    await Promise.race([told, page.waitForTimeout(1500)]);
    await route.continue();
  });
}

test('what the tracker refused is shown with rule, path and message, also of early calls', async (t) => {
  const calls = `waypost('complete'); waypost('answered', { score: 'very good' });`;
  const { page, open } = await open_panel(t, {
    head: `<script>${stub}</script><script>${calls}</script>${script_tag}`,
  });
  await hold_panel(page);
  await open();
  await count_is(page, 'rejected', 2);
  await page.evaluate(() => waypost('progressed', { scor: 1 }).catch(() => {}));
  await count_is(page, 'rejected', 3);
  const rejected = section(page, 'rejected');
  await rejected.getByText('event.verb-word').waitFor();
  await rejected.getByText('/verb', { exact: true }).waitFor();
  await rejected.getByText('Did you mean "completed"?').waitFor();
  await rejected.getByText('/score', { exact: true }).waitFor();
  await rejected.getByText('progressed', { exact: true }).waitFor();
  await count_is(page, 'waiting', 0);
});

test('what the relay refused is shown with its reason, also at a later visit', async (t) => {
  const { server, page, open } = await open_panel(t);
  const violations = [{ path: '/object/id', rule: 'object.id-iri', message: 'It must be an IRI.' }];
  server.answer = (request) => {
    const reasons = request.entries.map(({ id }) => [id, { kept: false, violations }]);
    return server.accept(request, new Map(reasons));
  };
  await open();
  await page.waitForFunction(() => window.waypost);
  await page.evaluate(() => waypost('completed'));
  for (const visit of ['first', 'second']) {
    if (visit === 'second') await open();
    await count_is(page, 'rejected', 1);
    const rejected = section(page, 'rejected');
    await rejected.getByText('completed', { exact: true }).waitFor();
    await rejected.getByText('object.id-iri').waitFor();
    await rejected.getByText('It must be an IRI.').waitFor();
    await rejected.getByText('This browser keeps it.').waitFor();
  }
});

test('what waits from an earlier page is listed', async (t) => {
  const { server, visitor, page, open } = await open_panel(t);
  server.answer = bad_gateway;
  const earlier = await visitor.newPage();
  await earlier.goto(`${server.origin}/course/lesson`);
  await earlier.waitForFunction(() => window.waypost);
  await earlier.evaluate(() => waypost('experienced'));
  await earlier.close();
  await open();
  await section(page, 'waiting').getByText('experienced', { exact: true }).waitFor();
});

test('it works under the content security policy of docs/authors.md, with trusted types', async (t) => {
  const policy = `default-src 'none'; require-trusted-types-for 'script'; ${policy_of_the_page}`;
  const { page, open } = await open_panel(t, {
    head: `<meta http-equiv="Content-Security-Policy" content="${policy}">${script_tag}`,
  });
  const complaints = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await open();
  await page.waitForFunction(() => window.waypost);
  await page.evaluate(() => waypost('completed'));
  await count_is(page, 'delivered', 1);
  const position = await page
    .locator('[data-waypost-panel]')
    .evaluate((host) => getComputedStyle(host).position);
  assert.equal(position, 'fixed');
  assert.deepEqual(complaints, []);
});

test('texts from outside are shown as texts', async (t) => {
  const { server, page, open } = await open_panel(t);
  const markup = '<img src=x onerror="window.harmed=1">';
  const violations = [{ path: markup, rule: markup, message: markup }];
  server.answer = (request) => {
    const reasons = request.entries.map(({ id }) => [id, { kept: true, violations }]);
    return server.accept(request, new Map(reasons));
  };
  await open();
  await page.waitForFunction(() => window.waypost);
  await page.evaluate(
    (name) => waypost('answered', { object: { id: 'https://example.org/1', name } }),
    markup,
  );
  await count_is(page, 'rejected', 1);
  await section(page, 'rejected').getByText(markup).nth(3).waitFor();
  assert.equal(await page.locator('[data-waypost-panel] img').count(), 0);
  assert.equal(await page.evaluate(() => window.harmed), undefined);
});

test('styles of the page do not reach it, and its own do not reach the page', async (t) => {
  const style = `<style>
    div, details, p { display: none !important; position: static !important; }
    * { font-size: 40px; letter-spacing: 1em; color: red; text-transform: uppercase; }
  </style>`;
  const { page, open } = await open_panel(t, { head: style + script_tag });
  await open();
  const nothing = page.getByText('Nothing waits in this browser.');
  await nothing.waitFor();
  const styles = await nothing.evaluate((element) => {
    const { fontSize, letterSpacing, textTransform } = getComputedStyle(element);
    return { fontSize, letterSpacing, textTransform };
  });
  assert.deepEqual(styles, { fontSize: '13px', letterSpacing: 'normal', textTransform: 'none' });
  assert.equal(await page.evaluate(() => document.styleSheets.length), 1);
  assert.equal(await page.evaluate(() => document.adoptedStyleSheets.length), 0);
});

test('on a phone it is closed at first, and fits when it is opened', async (t) => {
  const { page, open } = await open_panel(t, {
    options: { viewport: { width: 360, height: 640 } },
  });
  await open();
  const panel = page.locator('[data-waypost-panel] details.panel');
  await panel.waitFor();
  assert.equal(await panel.evaluate((details) => details.open), false);
  const long = 'a-name-without-a-single-space'.repeat(20);
  await page.waitForFunction(() => window.waypost);
  await page.evaluate(
    (name) =>
      waypost('complete', { object: { id: `https://example.org/${name}`, name } }).catch(() => {}),
    long,
  );
  await page.locator('[data-waypost-panel] .head').click();
  await count_is(page, 'rejected', 1);
  const sizes = await panel.evaluate((details) => {
    const { left, right, top, bottom } = details.getBoundingClientRect();
    const body = details.querySelector('.body');
    return { left, right, top, bottom, overflow: body.scrollWidth - body.clientWidth };
  });
  assert.ok(sizes.left >= 0 && sizes.right <= 360, JSON.stringify(sizes));
  assert.ok(sizes.top >= 0 && sizes.bottom <= 640, JSON.stringify(sizes));
  assert.equal(sizes.overflow, 0);
});

test('it makes no database of its own', async (t) => {
  const { page, open } = await open_panel(t);
  await page.addInitScript(() => {
    window.looks = 0;
    const { open } = IDBFactory.prototype;
    IDBFactory.prototype.open = function (...args) {
      window.looks += 1;
      return open.apply(this, args);
    };
  });
  await page.route(/\/assets\/tracker-/, (route) => route.abort());
  await open();
  await page.getByText('the tracker is loading').waitFor();
  await page.waitForFunction(() => window.looks === 3);
  assert.deepEqual(await page.evaluate(() => indexedDB.databases()), []);
});
