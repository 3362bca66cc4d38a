// Sizes, names, and calls that belong in a few named files. The length of functions is checked by
// clang-tidy and ESLint.
import { test } from 'node:test';

import {
  assert_none,
  cpp_files,
  files,
  lines_of,
  room_of,
  script_files,
  source_files,
} from './source_tree.mjs';

const file_lines_max = 500;
const line_length_max = 100;

/**
 * @param {string[]} paths
 * @param {RegExp} pattern
 * @returns {string[]} "path:line: text" of every line that matches
 */
function lines_that_match(paths, pattern) {
  return paths.flatMap((path) =>
    lines_of(path)
      .map((line, index) => ({ line, place: `${path}:${index + 1}: ${line.trim()}` }))
      .filter(({ line }) => pattern.test(line))
      .map(({ place }) => place),
  );
}

test(`no file is longer than ${file_lines_max} lines`, () => {
  assert_none(source_files.filter((path) => lines_of(path).length > file_lines_max + 1));
});

// Code is the formatters' to break, who leave alone what cannot be broken.
test(`no comment, and no line that nobody formats, is longer than ${line_length_max}`, () => {
  const formatted = /\.(cpp|hpp|js|mjs|css|html)$/;
  const comment = /^\s*(\/\/|\/?\*)/;
  const long = source_files.flatMap((path) =>
    lines_of(path)
      .map((line, index) => ({ line, place: `${path}:${index + 1}` }))
      .filter(({ line }) => !formatted.test(path) || comment.test(line))
      .filter(({ line }) => [...line].length > line_length_max)
      .map(({ place }) => place),
  );
  assert_none(long);
});

test('nothing is put off in a comment', () => {
  assert_none(lines_that_match(source_files, /\b(TO[D]O|FIX[M]E|X[X]X)\b/));
});

test('a file is named for its idea', () => {
  const vague = /(^|[/_])(utils?|commons?|helpers?|managers?|misc|stuff)([_.]|$)/;
  assert_none(files.filter((path) => vague.test(path.replace(/^tests\/vectors\/.*/, ''))));
});

// The edges, where a program reads the clock or takes chance from, and what for.
const edges = [
  'js/clock.js', // the tracker's clock and timer
  'js/loader.js', // waits before it tries again, without the tracker's clock
  'js/module/connect.js', // does what the loader and the stub do
  'js/random.js', // ids, nonces, seeds
  'proxy/operations/clock.hpp', // the relay's clocks
  'proxy/operations/random.cpp', // ids and seeds of the relay
];

test('the clock and chance are read at the edges only', () => {
  const cpp = cpp_files.filter((path) => ['core', 'wasm', 'proxy'].includes(room_of(path)));
  const cpp_calls = new RegExp(
    [
      String.raw`_clock::now\(|\btime\((nullptr|NULL|0|&)|\b(gettimeofday|clock_gettime)\(`,
      String.raw`\bs?rand\(|\bgetrandom\(|random_device|RAND_bytes`,
    ].join('|'),
  );
  const scripts = script_files.filter((path) => /^js\/.*\.js$/.test(path));
  const script_calls = /\bDate\.now\b|\bMath\.random\b|\bnew Date\(\)|\bperformance\.now\b/;
  const found = [...lines_that_match(cpp, cpp_calls), ...lines_that_match(scripts, script_calls)];
  assert_none(found.filter((place) => !edges.includes(place.split(':')[0])));
});

test('no test is switched off without a reason', () => {
  const tests = files.filter((path) => /_test\.(mjs|cpp)$/.test(path));
  const off = /\b(test|it|describe)\.(skip|only)\(|\bskip: true\b|unit_test::disabled\(/;
  assert_none(lines_that_match(tests, off));
});
