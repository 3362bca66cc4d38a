// The project's own files, as git knows them, for the tests beside this file.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Paths below the root, new files included, ignored ones not. @type {string[]} */
export const files = execFileSync(
  'git',
  ['ls-files', '-z', '--cached', '--others', '--exclude-standard'],
  { cwd: root, encoding: 'utf8' },
)
  .split('\0')
  .filter((path) => path !== '' && existsSync(join(root, path)));

/** Fails with one finding a line. @param {string[]} findings */
export function assert_none(findings) {
  if (findings.length > 0) assert.fail(`${findings.length} found:\n${findings.join('\n')}`);
}

/** @param {string} path */
export function text_of(path) {
  return readFileSync(join(root, path), 'utf8');
}

/** @param {string} path */
export function lines_of(path) {
  return text_of(path).split('\n');
}

/** @param {RegExp} pattern */
export function files_named(pattern) {
  return files.filter((path) => pattern.test(path));
}

/** The first folder of a path; the practice LRS is a room of its own within tests. */
export function room_of(/** @type {string} */ path) {
  return path.startsWith('tests/practice_lrs/') ? 'tests/practice_lrs' : path.split('/')[0];
}

export const cpp_files = files_named(/\.(cpp|hpp)$/);
export const script_files = files_named(/\.m?js$/);

// What a human wrote as source; data, prose and generated files are not.
export const source_files = files.filter(
  (path) =>
    /(\.(cpp|hpp|js|mjs|sh|css|html|sql|cmake|conf|txt)|\/run|\/relay)$/.test(path) &&
    !/^tests\/(vectors|fixtures)\//.test(path),
);

// Where a quoted include is looked for besides the includer's own folder; CMake's include folders.
const include_folders = ['core/include', 'core/src', 'wasm', 'proxy', 'tests', ''];

/**
 * @param {string} path a C++ file
 * @returns {{name: string, target: string | undefined}[]} its quoted includes; one that is not a
 *   file in the tree has no target
 */
export function includes_of(path) {
  const found = text_of(path).matchAll(/^\s*#\s*include\s+"([^"]+)"/gm);
  return Array.from(found, ([, name]) => {
    const candidates = [dirname(path), ...include_folders].map((at) => normalize(join(at, name)));
    return { name, target: candidates.find((candidate) => files.includes(candidate)) };
  });
}

/** @param {string} path @returns {string[]} what a C++ file includes with angle brackets */
export function system_includes_of(path) {
  return Array.from(text_of(path).matchAll(/^\s*#\s*include\s+<([^>]+)>/gm), ([, name]) => name);
}

/** @param {string} path @returns {string[]} what a script imports, statically or not */
export function imports_of(path) {
  const pattern = /(?:^|[^\w.])(?:import|from)\s*\(?\s*['"]([^'"]+)['"]/g;
  return Array.from(text_of(path).matchAll(pattern), ([, name]) => name);
}
