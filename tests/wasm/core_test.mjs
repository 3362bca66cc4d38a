import assert from 'node:assert/strict';
import { test } from 'node:test';

import { CoreError, loadCore } from '../../js/core.js';
import { validate, validate_list } from '../../js/core_validation.js';
import { load, module_bytes } from './module.mjs';

const page = { name: 'Ada', mbox: 'mailto:ada@example.org' };

const rules = { version: /** @type {const} */ ('1.0.3'), unstamped: false };

const valid = {
  actor: page,
  verb: { id: 'http://adlnet.gov/expapi/verbs/completed' },
  object: { id: 'https://example.org/course' },
};

test('the rules are those that were asked for', async () => {
  const core = await load();
  const { actor, ...without_actor } = valid;
  assert.deepEqual(validate(core, JSON.stringify({ actor, ...without_actor }), rules), []);
  const unstamped = JSON.stringify(without_actor);
  assert.equal(validate(core, unstamped, rules).length, 1);
  assert.deepEqual(validate(core, unstamped, { ...rules, unstamped: true }), []);
  const context_agents = JSON.stringify({
    ...valid,
    context: {
      contextAgents: [
        { objectType: 'contextAgent', agent: page, relevantTypes: ['https://example.org/t'] },
      ],
    },
  });
  assert.notDeepEqual(validate(core, context_agents, rules), []);
  assert.deepEqual(validate(core, context_agents, { ...rules, version: '2.0.0' }), []);
});

test('a list is checked statement by statement', async () => {
  const core = await load();
  const list = validate_list(core, JSON.stringify([valid, { ...valid, actor: {} }]), rules);
  assert.deepEqual(
    list.map(({ index, valid: is_valid }) => [index, is_valid]),
    [
      [0, true],
      [1, false],
    ],
  );
  assert.equal(validate_list(core, JSON.stringify(valid), rules).length, 1);
  assert.throws(
    () => validate_list(core, '[{]', rules),
    (error) => error.code === 'malformed-json' && error.violations.length === 1,
  );
});

test('the memory grows for large texts and is given back', async () => {
  const core = await load();
  const large = JSON.stringify({
    ...valid,
    result: { response: 'ä☃😀'.repeat(20_000) },
  });
  const heap_bytes = [];
  for (let i = 0; i < 40; ++i) {
    validate(core, large, rules);
    validate(core, JSON.stringify(valid), rules);
    heap_bytes.push(core.memory.bytes().length);
  }
  assert.equal(heap_bytes.at(-1), heap_bytes[1]);
  assert.throws(
    () => validate(core, ' '.repeat(20_000_000), rules),
    (error) => error.code === 'too-large',
  );
  assert.deepEqual(validate(core, JSON.stringify(valid), rules), []);
});

test('the deepest text the reader takes fits the stack', async () => {
  const core = await load();
  for (const depth of [64, 65, 512, 513, 100_000]) {
    const text = `{"result":{"extensions":{"https://example.org/x":${'['.repeat(depth)}${']'.repeat(depth)}}}}`;
    assert.notDeepEqual(validate(core, text, rules), []);
  }
  assert.deepEqual(validate(core, JSON.stringify(valid), rules), []);
});

test('after a trap the core says that it cannot be trusted', async () => {
  const core = await load();
  core.memory.functions = {
    ...core.memory.functions,
    waypost_allocate_bytes() {
      throw new WebAssembly.RuntimeError('unreachable');
    },
  };
  const is_internal = (error) => error instanceof CoreError && error.code === 'internal';
  assert.throws(() => validate(core, '{}', rules), is_internal);
  assert.throws(() => core.create_engine({}, 1), is_internal);
});

test('loads from bytes and from responses, streaming or not', async () => {
  const bytes = await module_bytes();
  const response = (type) => new Response(bytes, { headers: { 'content-type': type } });
  for (const source of [
    new Uint8Array(bytes).buffer,
    response('application/wasm'),
    Promise.resolve(response('application/octet-stream')),
  ]) {
    const core = await loadCore(source);
    assert.deepEqual(validate(core, JSON.stringify(valid), rules), []);
  }
});

test('a module that does not come is an error with a code', async () => {
  for (const source of [
    () => new Uint8Array([0, 97, 115, 109]),
    () => new Response('Not found', { status: 404 }),
    () => new Response('<html>', { headers: { 'content-type': 'text/html' } }),
    () => Promise.reject(new TypeError('Failed to fetch')),
  ]) {
    await assert.rejects(
      loadCore(source()),
      (error) => error instanceof CoreError && error.code === 'core-unavailable',
    );
  }
});
