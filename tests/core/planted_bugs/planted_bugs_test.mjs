// Plants one bug after the other in a copy of the sources, builds the core's tests there, and sees
// the tests of the delivery engine fail. Slow: ./tests/run simulation --full runs it.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { bugs } from './bugs.mjs';

const project = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
const copy = mkdtempSync(join(tmpdir(), 'waypost-planted-bugs-'));
const build_timeout_ms = 15 * 60_000;
const run_timeout_ms = 30_000; // a bug may make the engine turn for ever

/** @param {string} program @param {string[]} args */
const run = (program, args) =>
  execFileSync(program, args, { cwd: copy, stdio: 'pipe', timeout: build_timeout_ms });

const build = () => run('cmake', ['--build', '--preset', 'release', '--target', 'core_tests']);

/** Whether the tests of the delivery engine pass. */
function passes() {
  const program = join(copy, 'build/release/tests/core/core_tests');
  const { status } = spawnSync(program, ['--run_test=delivery*'], {
    cwd: copy,
    stdio: 'ignore',
    timeout: run_timeout_ms,
  });
  return status === 0;
}

before(() => {
  const files = execFileSync('git', ['ls-files'], { cwd: project, encoding: 'utf8' });
  for (const file of files.trim().split('\n')) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    cpSync(join(project, file), join(copy, file));
  }
  run('cmake', ['--preset', 'release']);
  build();
});

after(() => rmSync(copy, { recursive: true }));

test('without a bug the tests pass', () => assert.ok(passes()));

for (const { name, file, right, wrong } of bugs) {
  test(`caught: ${name}`, () => {
    const path = join(copy, file);
    const text = readFileSync(path, 'utf8');
    assert.equal(text.split(right).length, 2, `${file} has the place of the bug exactly once`);
    try {
      writeFileSync(
        path,
        text.replace(right, () => wrong),
      );
      build();
      assert.ok(!passes());
    } finally {
      writeFileSync(path, text);
    }
  });
}
