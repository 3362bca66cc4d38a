import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

import { load } from './module.mjs';
import { failed_cases } from './vectors_cases.mjs';

const file = new URL('../vectors/statements.json', import.meta.url);

test('the statement cases through the shipped module', async () => {
  const cases = JSON.parse(await readFile(file, 'utf8'));
  assert.equal(cases.length, 971);
  assert.deepEqual(failed_cases(await load(), cases), []);
});
