// The project stands alone: what it says holds on any machine, and what it links to is there.
import { accessSync, constants, existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';

import { assert_none, files, files_named, lines_of, root, text_of } from './source_tree.mjs';

const pages = files_named(/\.md$/);

/** The anchors GitHub makes of a page's headings. @param {string} path */
function anchors_of(path) {
  return lines_of(path)
    .filter((line) => /^#+ /.test(line))
    .map((line) =>
      line
        .replace(/^#+ /, '')
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replace(/\s/g, '-'),
    );
}

test('every link in the pages leads somewhere', () => {
  const broken = [];
  for (const path of pages) {
    for (const [, link] of text_of(path).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(link)) continue;
      const [place, anchor] = link.split('#');
      const target = place === '' ? path : normalize(join(dirname(path), place));
      const leads =
        existsSync(join(root, target)) &&
        (!anchor || !target.endsWith('.md') || anchors_of(target).includes(anchor));
      if (!leads) broken.push(`${path}: ${link}`);
    }
  }
  assert_none(broken);
});

test('every command that the pages name can be run', () => {
  const missing = pages.flatMap((path) =>
    Array.from(text_of(path).matchAll(/(?:^|[\s`])\.\/((?:demo|tests|bench|deploy)\/[\w/.-]+)/gm))
      .map(([, command]) => command)
      .filter((command) => !can_run(command))
      .map((command) => `${path}: ./${command}`),
  );
  assert_none(missing);
});

/** @param {string} command */
function can_run(command) {
  try {
    accessSync(join(root, command), constants.X_OK);
    return true;
  } catch {
    return false; // not there, or not executable: both are what the test is about
  }
}

test('the course pastes the stub that the tracker expects', () => {
  const stub_of = (/** @type {string} */ path) =>
    lines_of(path).find((line) => /^self\./.test(line));
  assert_none(
    ['demo/course/waypost_stub.js'].filter((path) => stub_of(path) !== stub_of('js/stub.js')),
  );
});

test('nothing names a folder of the machine it was written on', () => {
  const elsewhere = /(^|[^\w.])\/(wor[k]|hom[e]|roo[t]|User[s])\/\w|\.\.\/share[d]\b/;
  const texts = files.filter((path) => !/\.(sqlite|png|gif|ico|jpg|webm)$/.test(path));
  const found = texts.flatMap((path) =>
    lines_of(path)
      .map((line, index) => ({ line, place: `${path}:${index + 1}: ${line.trim()}` }))
      .filter(({ line }) => elsewhere.test(line))
      .map(({ place }) => place.slice(0, 200)),
  );
  assert_none(found);
});
