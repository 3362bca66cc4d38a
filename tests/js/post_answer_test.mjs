// How the tracker reads an answer to /post. The fixture is what the relay's tests read too.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

import { read_answer, retry_after_ms } from '../../js/post_answer.js';

const fixture_file = new URL('../fixtures/post_protocol.json', import.meta.url);
const { answer, error } = JSON.parse(await readFile(fixture_file, 'utf8'));

const uuid = (last) => `6b2e0c5e-0f2b-4c58-9d6c-0c8a1c5d1f0${last}`;
const request = {
  nonce: answer.nonce,
  entries: [
    { key: 11, id: uuid(1) },
    { key: 12, id: uuid(3) },
    { key: 13, id: uuid(4) },
    { key: 14, id: uuid(9) },
  ],
};
const read = (json, other = {}) =>
  read_answer({ status: 200, json, retry_after: null, now_ms: 0, ...other }, request);

test("the fixture's answer: stored, a duplicate, refused; what it does not list stays", () => {
  const { outcome, refusals, server_ms, interval_ms } = read(answer);
  assert.deepEqual(outcome, {
    status: 200,
    failure: 'none',
    retry_after_ms: null,
    extent: 'per-entry',
    results: [
      { key: 11, answer: 'stored' },
      { key: 12, answer: 'stored' },
      { key: 13, answer: 'refused' },
    ],
  });
  assert.deepEqual(refusals, [
    { key: 13, id: uuid(4), kept: false, violations: answer.rejected[0].violations },
  ]);
  assert.equal(server_ms, answer.server_ms);
  assert.equal(interval_ms, answer.interval_ms);
});

test('what the relay refused and keeps is told apart', () => {
  const { outcome, refusals } = read({
    ...answer,
    rejected: [{ ...answer.rejected[0], kept: true }],
  });
  assert.deepEqual(outcome.results.at(-1), { key: 13, answer: 'kept' });
  assert.equal(refusals[0].kept, true);
});

test('an entry whose id the relay could not read is named by its place', () => {
  const { outcome } = read({ ...answer, rejected: [{ id: null, index: 3, kept: false }] });
  assert.deepEqual(outcome.results.at(-1), { key: 14, answer: 'refused' });
});

test('ids are equal whatever their case', () => {
  const { outcome } = read({ ...answer, accepted: [uuid(1).toUpperCase()] });
  assert.deepEqual(outcome.results[0], { key: 11, answer: 'stored' });
});

for (const [name, json, other] of [
  ['another nonce', { ...answer, nonce: 'other' }],
  ['no nonce', { ...answer, nonce: undefined }],
  ['another status', answer, { status: 201 }],
  ['an error', error, { status: 422 }],
  ['no JSON', undefined],
  ['null', null],
  ['a list', [answer]],
  ['a string', 'ok'],
]) {
  test(`${name} speaks of no entry`, () => {
    const { outcome, refusals, server_ms, interval_ms } = read(json, other);
    assert.equal(outcome.status, other?.status ?? 200);
    assert.equal(outcome.extent, 'none');
    assert.deepEqual(outcome.results, []);
    assert.deepEqual([refusals, server_ms, interval_ms], [[], null, null]);
  });
}

test('members of the wrong type are as good as absent', () => {
  const { outcome, refusals } = read({
    nonce: answer.nonce,
    accepted: 'all',
    duplicate: [7, null, {}],
    rejected: [null, 'no', { index: '0' }, { id: null, index: null }, { id: 5 }, { index: 77 }],
    interval_ms: 'soon',
  });
  assert.equal(outcome.extent, 'per-entry');
  assert.deepEqual(outcome.results, []);
  assert.deepEqual(refusals, []);
});

test('an id that is both accepted and refused is stored', () => {
  const { outcome, refusals } = read({ ...answer, accepted: [uuid(1), uuid(4)] });
  assert.ok(outcome.results.every(({ answer: said }) => said === 'stored'));
  assert.deepEqual(refusals, []);
});

test('the wait that the relay asks for, in the header or in the answer', () => {
  assert.equal(read({ ...answer, retry_after_ms: 250 }).outcome.retry_after_ms, 250);
  assert.equal(read(error, { status: 503, retry_after: '12' }).outcome.retry_after_ms, 12_000);
});

for (const [text, expected] of [
  ['0', 0],
  [' 120 ', 120_000],
  ['Mon, 23 Nov 2026 08:00:30 GMT', 30_000],
  ['Sun, 22 Nov 2026 08:00:00 GMT', 0],
  ['-5', null],
  ['1.5', null],
  ['1e3', null],
  ['soon', null],
  ['', null],
  ['999999999999999999999', null],
]) {
  test(`Retry-After: ${text}`, () => {
    assert.equal(retry_after_ms(text, Date.parse('2026-11-23T08:00:00Z')), expected);
  });
}
