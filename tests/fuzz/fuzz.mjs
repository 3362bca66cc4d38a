// Fuzzes every target for a while, from its corpus and examples, and fails with the input that
// broke a promise. WAYPOST_FUZZ_SECONDS is for each; with WAYPOST_FUZZ_KEEP=1 the inputs that reach
// all the code that was reached become the corpus.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const program = resolve(here, '../../build/fuzz/tests/fuzz/waypost-fuzz');
const seconds = Number(process.env.WAYPOST_FUZZ_SECONDS ?? 60);
const keeps = process.env.WAYPOST_FUZZ_KEEP === '1';
const input_bytes_max = 4096;
const corpus_bytes_max = 40_000;

const work = mkdtempSync(join(tmpdir(), 'waypost-fuzz-'));
after(() => rmSync(work, { recursive: true }));

/** @param {string} path from the top */
const text_of = (path) => readFileSync(join(here, '../..', path), 'utf8');

/** What stands between fences in a page of docs. @param {string} path @param {string} kind */
const examples = (path, kind) =>
  [...text_of(path).matchAll(/^```(.*)\n([^]*?)\n```$/gm)]
    .filter(([, fence]) => fence === kind)
    .map(([, , text]) => text);

/** @type {{statement: object}[]} */
const vectors = JSON.parse(text_of('tests/vectors/statements.json'));
const statements = vectors.map(({ statement }) => JSON.stringify(statement));
const protocol = JSON.parse(text_of('tests/fixtures/post_protocol.json'));

/** What each target begins with besides its corpus. @type {Record<string, string[]>} */
const seeds = {
  json: statements,
  statement: statements,
  stamp: statements.map((statement, index) => String.fromCharCode(index % 128) + statement),
  list: statements.map((statement) => `[${statement},${statement}]`),
  event: [...statements, ...examples('docs/events.md', 'json event')],
  post_body: [
    JSON.stringify(protocol.request_events),
    ...statements.map((statement) =>
      JSON.stringify({ ...protocol.request_statements, entries: [JSON.parse(statement)] }),
    ),
  ],
  retry_after: [
    '120',
    // Soon, to the target.
    'Wed, 18 Nov 2026 11:30:00 GMT',
    'Wednesday, 18-Nov-26 11:30:00 GMT',
    'Wed Nov 18 11:30:00 2026',
  ],
  settings: examples('docs/operators.md', 'toml'),
};

/** @param {string} target */
const corpus_file = (target) => join(here, 'corpus', `${target}.hex`);

/** @param {string} target @returns {Buffer[]} */
const corpus = (target) =>
  text_of(`tests/fuzz/corpus/${target}.hex`)
    .split('\n')
    .filter(Boolean)
    .map((line) => Buffer.from(line, 'hex'));

/** @param {string} folder @param {(Buffer | string)[]} inputs */
function write_inputs(folder, inputs) {
  mkdirSync(folder);
  inputs
    .map((input) => Buffer.from(input))
    .filter((input) => input.length <= input_bytes_max)
    .forEach((input, index) => writeFileSync(join(folder, String(index)), input));
}

/** @param {string} target @param {string[]} options */
const run = (target, options) =>
  spawnSync(program, options, {
    cwd: work,
    encoding: 'utf8',
    env: { ...process.env, WAYPOST_FUZZ_TARGET: target },
    maxBuffer: 256 * 1024 * 1024,
  });

/** @param {string} target @param {string} found a folder of inputs */
function keep(target, found) {
  const merged = join(work, `${target}-merged`);
  mkdirSync(merged);
  assert.equal(run(target, ['-merge=1', merged, found]).status, 0);
  const inputs = readdirSync(merged)
    .map((name) => readFileSync(join(merged, name)))
    .sort((a, b) => a.length - b.length || a.compare(b));
  let bytes = 0;
  const kept = inputs.filter(({ length }) => (bytes += length) <= corpus_bytes_max);
  writeFileSync(corpus_file(target), kept.map((input) => `${input.toString('hex')}\n`).join(''));
}

for (const [target, beginnings] of Object.entries(seeds)) {
  test(`nothing breaks a promise about ${target}`, () => {
    const folder = join(work, target);
    write_inputs(folder, [...corpus(target), ...beginnings]);
    const crash = join(work, `${target}-crash`);
    const { status, stderr } = run(target, [
      `-max_total_time=${seconds}`,
      `-max_len=${input_bytes_max}`,
      `-exact_artifact_path=${crash}`,
      '-timeout=10',
      folder,
    ]);
    const input = () => (existsSync(crash) ? readFileSync(crash).toString('hex') : 'none');
    assert.equal(status, 0, `${stderr.slice(-4000)}\nThe input, for ${target}.hex: ${input()}`);
    if (keeps) keep(target, folder);
  });
}
