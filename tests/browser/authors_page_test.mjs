// docs/authors.md: what it shows works as it says.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

import { launch_shared_browser } from './support/chromium.mjs';
import { course_page, script_tag, start_course_server } from './support/course_server.mjs';

const browser = await launch_shared_browser();

const read = (path) => readFile(new URL(`../../${path}`, import.meta.url), 'utf8');
const authors_page = await read('docs/authors.md');
const blocks = (kind) =>
  [...authors_page.matchAll(new RegExp(`\`\`\`${kind}\n(.*?)\n\`\`\``, 'gs'))].map(
    ([, text]) => text,
  );

async function open(t, head) {
  const server = await start_course_server(t);
  const page = await (await browser.new_visitor(t)).newPage();
  server.pages.set('/course/lesson', course_page(head));
  await page.goto(`${server.origin}/course/lesson`);
  return { server, page };
}

test('the tag and the line for early calls are the ones that are tested', async () => {
  assert.equal(blocks('html')[0], script_tag);
  const stub = (await read('js/stub.js')).trim().split('\n').at(-1);
  assert.deepEqual(blocks('html stub'), [`<script>${stub}</script>`]);
});

test('every example runs, and what it tracks is delivered', async (t) => {
  const examples = blocks('js run');
  assert.ok(examples.length >= 7);
  const [stub] = blocks('html stub');
  const { server, page } = await open(t, stub + script_tag);
  const calls = examples.join('\n').match(/waypost(\.track)?\(/g).length;
  for (const example of examples) await page.evaluate(`(async () => { ${example}\n })()`);
  // All but the one that shows a mistake.
  await server.until(() => server.stored.size === calls - 1);
});

const [policy_of_the_page] = blocks('csp');

/** @param {string} policy */
const policy_tag = (policy) => `<meta http-equiv="Content-Security-Policy" content="${policy}">`;

test('the content security policy that the page gives is enough', async (t) => {
  const policy = `default-src 'none'; require-trusted-types-for 'script'; ${policy_of_the_page}`;
  const { server, page } = await open(t, policy_tag(policy) + script_tag);
  await page.waitForFunction(() => window.waypost);
  const { id } = await page.evaluate(() => waypost('completed'));
  await server.until(() => server.stored.has(id));
});

test('a policy without WebAssembly leaves the work to the relay, and nothing is lost', async (t) => {
  const policy = policy_of_the_page.replace(" 'wasm-unsafe-eval'", '');
  const { server, page } = await open(t, policy_tag(policy) + script_tag);
  await page.waitForFunction(() => window.waypost);
  const { id } = await page.evaluate(() => waypost('completed'));
  await server.until(() => server.stored.has(id));
  assert.equal(server.posts[0].kind, 'events');
});
