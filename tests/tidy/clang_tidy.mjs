// clang-tidy over every C++ file of the product, one test case each. A file that passed is not
// looked at again until something that it was judged by changes: the file, what it includes of
// ours, the checks, the compile command, or clang-tidy itself.
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { describe, test } from 'node:test';
import { promisify } from 'node:util';

import { cpp_files, includes_of, room_of, root, text_of } from './source_tree.mjs';

const build_folder = join(root, 'build/release');
const passed_folder = join(root, 'build/clang_tidy');
const version = execFileSync('clang-tidy', ['--version'], { encoding: 'utf8' });

/** @type {Map<string, string>} */
const compile_commands = new Map(
  JSON.parse(readFileSync(join(build_folder, 'compile_commands.json'), 'utf8')).map(
    (/** @type {{file: string, command: string}} */ { file, command }) => [
      relative(root, file),
      command,
    ],
  ),
);

/**
 * The file itself and all that it includes of ours.
 * @param {string} path @param {Set<string>} seen
 */
function with_includes(path, seen = new Set()) {
  if (seen.has(path)) return seen;
  seen.add(path);
  for (const { target } of includes_of(path)) if (target) with_includes(target, seen);
  return seen;
}

/** @param {string} path */
function judged_by(path) {
  const hash = createHash('sha256');
  for (const part of [version, text_of('.clang-tidy'), compile_commands.get(path) ?? '']) {
    hash.update(part).update('\0');
  }
  for (const file of Array.from(with_includes(path)).sort()) {
    hash.update(file).update('\0').update(text_of(file)).update('\0');
  }
  return hash.digest('hex');
}

/** @param {string} path */
async function look_at(path) {
  const mark = join(passed_folder, judged_by(path));
  if (existsSync(mark)) return;
  // The commands are GCC's, whose warnings clang does not all know.
  const options = ['--quiet', '-p', build_folder, '--extra-arg=-Wno-unknown-warning-option'];
  await promisify(execFile)('clang-tidy', [...options, path], {
    cwd: root,
    maxBuffer: 64 * 1024 * 1024,
  }).catch((/** @type {{stdout: string}} */ { stdout }) => assert.fail(`\n${stdout}`));
  writeFileSync(mark, '');
}

mkdirSync(passed_folder, { recursive: true });

const product = cpp_files.filter(
  (path) =>
    path.endsWith('.cpp') && ['core', 'proxy', 'tests/practice_lrs'].includes(room_of(path)),
);

describe('clang-tidy', { concurrency: availableParallelism() }, () => {
  for (const path of product.filter((path) => compile_commands.has(path))) {
    test(path, () => look_at(path));
  }
});
