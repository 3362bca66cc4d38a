// What completion writes, judged by somebody else's validator.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

import validation from '@learninglocker/xapi-validation';

import { loadCore } from '../../js/core.js';
import { wasm_file } from '../browser/support/tracker_files.mjs';

const { default: warnings_of } = validation;

const core = await loadCore(await readFile(wasm_file));
const events_page = await readFile(new URL('../../docs/events.md', import.meta.url), 'utf8');

const page = {
  actor: { account: { homePage: 'https://courses.example.org/waypost/self-declared', name: '7' } },
  object: { id: 'https://courses.example.org/first-aid', name: 'First aid' },
  language: 'en-GB',
};

function completed(event, defaults = page) {
  const completion = core.complete(JSON.stringify(event), {
    defaults: JSON.stringify(defaults),
    id: Uint8Array.from({ length: 16 }, (_, index) => (index === 6 ? 0x4f : 0x80 + index)),
    now_ms: Date.UTC(2026, 10, 23, 8),
    version: '1.0.3',
    unstamped: false,
  });
  assert.ok('statement' in completion, JSON.stringify(completion));
  return JSON.parse(completion.statement);
}

/** The fenced blocks of docs/events.md of one kind. */
const blocks = (kind) =>
  [...events_page.matchAll(new RegExp(`\`\`\`json ${kind}\n(.*?)\n\`\`\``, 'gs'))].map(
    ([, text]) => text,
  );

test('the validator can tell good from bad', () => {
  const statement = completed({ verb: 'completed' });
  assert.notDeepEqual(warnings_of({ ...statement, actor: { mbox: 'nobody' } }), []);
  assert.notDeepEqual(warnings_of({ ...statement, result: { duration: 'long' } }), []);
});

test('the events of docs/events.md become statements that it finds nothing in', () => {
  const events = blocks('event').map((text) => JSON.parse(text));
  const statements = blocks('statement').map((text) => JSON.parse(text));
  assert.ok(statements.length > 5 && statements.length < events.length);
  const accepted = events.filter((event) => completes(event));
  assert.equal(accepted.length, statements.length);
  for (const event of accepted) assert.deepEqual(warnings_of(completed(event)), []);
});

test('every word of the vocabulary does', () => {
  const words = [...events_page.matchAll(/^\| `([a-z-]+)` \| `https?:\/\/[^`]*verbs?[^`]*` \|/gm)];
  assert.ok(words.length > 40);
  for (const [, verb] of words) {
    // What is voided is a statement.
    const object = { objectType: 'StatementRef', id: '6b2e0c5e-0f2b-4c58-9d6c-0c8a1c5d1f02' };
    const event = verb === 'voided' ? { verb, object } : { verb };
    assert.deepEqual(warnings_of(completed(event)), [], verb);
  }
});

for (const [name, event] of Object.entries({
  'a score of nothing': { score: 0 },
  'a score below nothing': { score: -0.25 },
  'a score in points': { score: { raw: 7.5, min: 0, max: 10, scaled: 0.75 } },
  'seconds of every size': { duration: 0 },
  'seconds with a fraction': { duration: 3725.128 },
  'many seconds': { duration: 1e6 },
  'a duration of its own': { duration: 'P1DT2H' },
  'a number as response': { response: 42 },
  'a boolean as response': { response: false },
  'every short form': {
    score: 1,
    success: true,
    completion: false,
    response: 'a[,]b',
    duration: 12.5,
  },
  'an activity in short': {
    object: { id: 'https://example.org/q', name: 'Q', description: 'A question', type: 'question' },
  },
  'an interaction': {
    object: {
      id: 'https://example.org/q',
      definition: {
        interactionType: 'choice',
        correctResponsesPattern: ['a'],
        choices: [{ id: 'a', description: { en: 'A' } }],
      },
    },
  },
  'a person as object': { object: { objectType: 'Agent', mbox: 'mailto:teacher@example.org' } },
  'a context': {
    context: {
      registration: '6b2e0c5e-0f2b-4c58-9d6c-0c8a1c5d1f02',
      contextActivities: { parent: [{ id: 'https://example.org/course' }] },
      extensions: { 'https://example.org/attempt': 2 },
    },
  },
  'members that say nothing': { result: { response: '' }, context: {} },
})) {
  test(`${name} does`, () => {
    assert.deepEqual(warnings_of(completed({ verb: 'answered', ...event })), []);
  });
}

function completes(event) {
  try {
    return completed(event) !== undefined;
  } catch (error) {
    if (error instanceof assert.AssertionError) return false;
    throw error;
  }
}
