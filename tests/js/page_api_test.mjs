// The stub and what takes its place: order, promises, errors.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';

import { create_emitter } from '../../js/event_emitter.js';
import { create_page_api, take_over } from '../../js/page_api.js';
import { WaypostError } from '../../js/waypost_error.js';

const stub_file = await readFile(new URL('../../js/stub.js', import.meta.url), 'utf8');
const stub = stub_file.trim().split('\n').at(-1);

/** window.waypost as the stub makes it. */
function run_stub(window = {}) {
  window.self = window;
  runInNewContext(stub, window);
  return window.waypost;
}

function make_api({ track = async () => ({ id: 'x', stored: 'disk' }) } = {}) {
  const emitter = create_emitter();
  const calls = [];
  const note = (name) => (value) => void calls.push([name, value]);
  const perform = create_page_api({
    track: (event) => {
      calls.push(['track', event]);
      return track(event);
    },
    emitter,
    defaults: note('defaults'),
    flush: note('flush'),
    pending: async () => 3,
  });
  return { calls, emitter, perform };
}

test('the stub is one line of at most 200 bytes', () => {
  assert.ok(Buffer.byteLength(stub) <= 200, `${Buffer.byteLength(stub)} bytes`);
});

test('the stub leaves a page alone that has it already', () => {
  const window = {};
  const first = run_stub(window);
  assert.equal(run_stub(window), first);
});

test('calls before and after the tracker came are performed in order', async () => {
  const waypost = run_stub();
  const early = waypost('experienced', { object: 'a' });
  const options = waypost.defaults({ language: 'en' });
  const { calls, perform } = make_api();
  take_over(waypost.q, perform);
  const late = waypost.track({ verb: 'completed' });
  assert.deepEqual(calls, [
    ['track', { object: 'a', verb: 'experienced' }],
    ['defaults', { language: 'en' }],
    ['track', { verb: 'completed' }],
  ]);
  assert.deepEqual(await early, { id: 'x', stored: 'disk' });
  assert.deepEqual(await late, { id: 'x', stored: 'disk' });
  assert.equal(await options, undefined);
  assert.equal(await waypost.pending(), 3);
});

test('a refused event rejects, is told to listeners, and is a line in the console', async (t) => {
  const warn = t.mock.method(console, 'warn', () => {});
  const violations = [{ path: '/verb', rule: 'event.verb-word', message: 'No such verb.' }];
  const error = new WaypostError('statement-invalid', 'No such verb.', { violations });
  const { emitter, perform } = make_api({ track: () => Promise.reject(error) });
  const waypost = run_stub();
  take_over(waypost.q, perform);
  const told = new Promise((resolve) => emitter.on('rejected', resolve));
  await assert.rejects(waypost('complete', { id: '1' }), error);
  const message = 'No such verb.';
  const expected = { id: '1', code: 'statement-invalid', message, violations, kept: false };
  assert.deepEqual(await told, expected);
  assert.equal(warn.mock.callCount(), 1);
});

test('a promise that nobody looks at does not become an unhandled rejection', async (t) => {
  t.mock.method(console, 'warn', () => {});
  const error = new WaypostError('queue-full', 'Full.');
  const { perform } = make_api({ track: () => Promise.reject(error) });
  const waypost = run_stub();
  void waypost('completed');
  take_over(waypost.q, perform);
  void waypost.track({});
  // The runner fails a test during which a rejection goes unhandled.
  await new Promise((resolve) => setImmediate(resolve));
});

test('an unknown event name is an error that lists the known ones', async (t) => {
  t.mock.method(console, 'warn', () => {});
  const waypost = run_stub();
  take_over(waypost.q, make_api().perform);
  await assert.rejects(
    waypost.on('deliverd', () => {}),
    /delivered, rejected, blocked/,
  );
});
