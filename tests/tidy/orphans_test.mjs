// Every file is used: nothing lies about that is not built, included, imported or run.
import { basename, dirname, join, relative } from 'node:path';
import { test } from 'node:test';

import {
  assert_none,
  cpp_files,
  files,
  files_named,
  includes_of,
  script_files,
  text_of,
} from './source_tree.mjs';

/** The CMakeLists.txt files from a path's folder up to the root. @param {string} path */
function build_files_above(path) {
  const found = [];
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const candidate = join(folder, 'CMakeLists.txt');
    if (files.includes(candidate)) found.push(candidate);
    if (folder === '.') return found;
  }
}

/** @param {string} text @param {string} name */
function names(text, name) {
  return text.split(/[\s()"';]+/).includes(name);
}

test('every C++ source is named in a CMakeLists.txt', () => {
  const orphans = cpp_files
    .filter((path) => path.endsWith('.cpp'))
    .filter((path) => {
      const above = build_files_above(path);
      return !above.some((file) => names(text_of(file), relative(dirname(file), path)));
    });
  assert_none(orphans);
});

test('every header is included', () => {
  const included = new Set(cpp_files.flatMap((path) => includes_of(path).map((i) => i.target)));
  const orphans = cpp_files.filter((path) => path.endsWith('.hpp') && !included.has(path));
  assert_none(orphans);
});

test('every script is imported, loaded by a page, or run by name', () => {
  const texts = files_named(/(\.(m?js|html|sh|json|txt|cmake|md)|\/run|\/relay)$/)
    .filter((path) => path !== 'package-lock.json')
    .map((path) => ({ path, text: text_of(path) }));
  const orphans = script_files
    .filter((path) => !/_test\.mjs$/.test(path))
    .filter((path) => path !== 'eslint.config.js')
    .filter((path) => !texts.some((t) => t.path !== path && t.text.includes(basename(path))));
  assert_none(orphans);
});

test('every test script lies where tests/run looks', () => {
  const groups = files_named(/^tests\/groups\/.*\.sh$/)
    .map(text_of)
    .join('\n');
  const looked_at = new Set(
    Array.from(groups.matchAll(/(tests\/[\w/]+)\/\*_test\.mjs/g), (m) => m[1]),
  );
  const orphans = files_named(/_test\.[cm]?js$/).filter((path) => !looked_at.has(dirname(path)));
  assert_none(orphans);
});
