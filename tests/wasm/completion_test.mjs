import { validate } from '../../js/core_validation.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { load } from './module.mjs';

const id = Uint8Array.from({ length: 16 }, (_, index) => index * 17);
const page = { name: 'Ada', mbox: 'mailto:ada@example.org' };

const context = (others = {}) => ({
  defaults: JSON.stringify({ actor: page }),
  id,
  now_ms: Date.UTC(2026, 10, 23, 8, 0, 0, 5),
  version: /** @type {const} */ ('1.0.3'),
  unstamped: false,
  ...others,
});

const rules = { version: /** @type {const} */ ('1.0.3'), unstamped: false };

test('an event becomes a statement that is valid', async () => {
  const core = await load();
  const event = '{"verb":"completed","object":"https://example.org/Grüße/☃","score":0.80}';
  const completion = core.complete(event, context());
  assert.ok('statement' in completion, JSON.stringify(completion));
  const statement = JSON.parse(completion.statement);
  assert.equal(statement.id, '00112233-4455-6677-8899-aabbccddeeff');
  assert.equal(statement.timestamp, '2026-11-23T08:00:00.005Z');
  assert.equal(statement.object.id, 'https://example.org/Grüße/☃');
  assert.deepEqual(statement.actor, page);
  assert.match(completion.statement, /"scaled":0\.80[,}]/);
  assert.deepEqual(validate(core, completion.statement, rules), []);
});

test('an event that breaks a rule says where', async () => {
  const core = await load();
  const completion = core.complete('{"verb":"completed","object":7}', context());
  assert.ok('violations' in completion);
  assert.equal(completion.violations[0].path, '/object');
  assert.equal(typeof completion.violations[0].rule, 'string');
  assert.match(completion.violations[0].message, /\.$/);
  const broken = core.complete('{"verb":', context());
  assert.ok('violations' in broken);
});
