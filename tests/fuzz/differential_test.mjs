// The core in the relay and the core in the page judge alike: mutated statements through
// `waypost-relay validate` and through waypost.wasm. WAYPOST_FUZZ_SEED begins elsewhere.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { validate } from '../../js/core_validation.js';
import { load } from '../wasm/module.mjs';

const relay = fileURLToPath(new URL('../../build/release/proxy/waypost-relay', import.meta.url));
const seed = Number(process.env.WAYPOST_FUZZ_SEED ?? 1);
const count = Number(process.env.WAYPOST_FUZZ_COUNT ?? 5000);

/** @type {string[]} */
const statements = JSON.parse(
  readFileSync(new URL('../vectors/statements.json', import.meta.url), 'utf8'),
).map((/** @type {{statement: object}} */ { statement }) => JSON.stringify(statement));

/** Mulberry32: the same numbers from the same seed. @param {number} state */
function numbers_from(state) {
  return (/** @type {number} */ below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const pieces = [
  ...['{', '}', '[', ']', ',', ':', '"', '\\', 'null', 'true', '-0', '1e308', '1e309', '0.1e-400'],
  ...[
    '\\ud83d\\ude42',
    '\\ud800',
    '\\u0000',
    'ü',
    '☃',
    '🙂',
    '\u{10ffff}',
    ' \t',
    '12345678901234567890',
  ],
  ...[
    '"objectType":"Group",',
    '"id":1,',
    '"mbox":"mailto:a@b.org",',
    'P1DT2H',
    '2026-02-30T25:61:00Z',
  ],
];

/** @param {string} text @param {(below: number) => number} number */
function mutated(text, number) {
  const at = number(text.length + 1);
  const other = statements[number(statements.length)];
  const from = number(other.length);
  const changes = [
    () => text.slice(0, at) + text.slice(at + 1 + number(8)),
    () => text.slice(0, at) + pieces[number(pieces.length)] + text.slice(at),
    () => text.slice(0, at) + other.slice(from, from + number(40)) + text.slice(at),
    () => text.slice(0, at) + String.fromCharCode(number(0xd800)) + text.slice(at + 1),
    () => text.replace(/"(\w+)":/g, (key) => (number(12) === 0 ? '"id":' : key)),
    () => text.replace(/"[^"]*"/g, (value) => (number(20) === 0 ? '""' : value)),
    () => text.replace(/[0-9]+/g, (digits) => (number(4) === 0 ? `-${digits}.50` : digits)),
  ];
  return changes[number(changes.length)]();
}

/**
 * One statement a line, so none may hold a line's end or be empty. Nor begin with white space: the
 * program counts bytes from where the statement begins.
 */
function mutated_statements() {
  const number = numbers_from(seed);
  // A whole statement tells the program that lines follow.
  const texts = [statements[0]];
  while (texts.length < count) {
    let text = statements[number(statements.length)];
    for (let changes = number(3); changes >= 0; --changes) text = mutated(text, number);
    text = text
      .replaceAll(/[\r\n]/g, ' ')
      .replace(/^[ \t]+/, '')
      .toWellFormed();
    if (text !== '') texts.push(text);
  }
  return texts;
}

/** @param {string[]} texts @param {string} version */
function natively(texts, version) {
  const { stdout, stderr } = spawnSync(relay, ['validate', '--version', version], {
    input: texts.join('\n'),
    encoding: 'utf8',
    maxBuffer: 512 * 1024 * 1024,
  });
  assert.equal(stderr, '');
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).violations);
}

for (const version of /** @type {const} */ (['1.0.3', '2.0.0'])) {
  test(`the relay and the page judge ${count} statements alike, ${version}`, async () => {
    const core = await load();
    const texts = mutated_statements();
    const native = natively(texts, version);
    assert.equal(native.length, texts.length);
    let valid = 0;
    for (const [index, text] of texts.entries()) {
      const violations = validate(core, text, { version, unstamped: false });
      assert.deepEqual(violations, native[index], `seed ${seed}: ${text}`);
      if (violations.length === 0) ++valid;
    }
    assert.ok(valid > count / 100, `${valid} were valid: too few to say anything`);
  });
}
