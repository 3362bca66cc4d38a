// The statement cases through the shipped core, loaded by its own loader, in a browser.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { launch_shared_browser } from './support/chromium.mjs';
import { course_page, start_course_server } from './support/course_server.mjs';
import { manifest } from './support/tracker_files.mjs';

const browser = await launch_shared_browser();

test('the statement cases come out in Chromium as everywhere else', async (t) => {
  const server = await start_course_server(t);
  const page = await (await browser.new_visitor(t)).newPage();
  server.pages.set('/empty', course_page('', 'No tracker here'));
  await page.goto(`${server.origin}/empty`);
  const wasm_name = Object.keys(manifest.files).find((name) => name.endsWith('.wasm'));
  const { count, failed } = await page.evaluate(async (wasm_url) => {
    const [{ loadCore }, { failed_cases }, answer] = await Promise.all([
      import('/js/core.js'),
      import('/tests/wasm/vectors_cases.mjs'),
      fetch('/tests/vectors/statements.json'),
    ]);
    const cases = await answer.json();
    return { count: cases.length, failed: failed_cases(await loadCore(fetch(wasm_url)), cases) };
  }, `/waypost/assets/${wasm_name}`);
  assert.equal(count, 971);
  assert.deepEqual(failed, []);
});
