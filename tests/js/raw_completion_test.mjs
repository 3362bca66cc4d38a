// What is kept of an event without a core.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { raw_completion } from '../../js/fallback/raw_completion.js';

const complete = (event, defaults = {}) => raw_completion.complete(event, defaults, 1000);

test('an event is kept as it was said, with its time and what held for it', () => {
  const event = { verb: 'answered', response: 'naïve', score: 0.5 };
  const { row } = complete(event, { language: 'en' });
  const { id, ...captured } = JSON.parse(row.body);
  assert.deepEqual(captured, { captured_ms: 1000, event, defaults: { language: 'en' } });
  assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.deepEqual([row.id, row.kind, row.captured_ms], [id, 'event', 1000]);
  assert.equal(row.bytes, Buffer.byteLength(row.body));
});

test('it is known by its own id, if it has one', () => {
  const id = 'AAAAAAAA-0F2B-4C58-9D6C-0C8A1C5D1F02';
  assert.equal(complete({ verb: 'passed', id }).row.id, id.toLowerCase());
  for (const none of ['', 5, {}, null]) {
    assert.match(complete({ verb: 'passed', id: none }).row.id, /^[0-9a-f-]{36}$/);
  }
});

test('what decides a course waits for the disk itself', () => {
  const strict = (event) => complete(event).strict;
  assert.ok(strict({ verb: 'completed' }));
  assert.ok(strict({ verb: 'http://adlnet.gov/expapi/verbs/passed' }));
  assert.ok(strict({ verb: { id: 'http://adlnet.gov/expapi/verbs/failed' } }));
  assert.ok(strict({ verb: 'answered', score: 0 }));
  assert.ok(strict({ verb: 'answered', result: { score: { raw: 1 } } }));
  assert.equal(strict({ verb: 'answered', result: { success: true } }), false);
  for (const nothing of [null, 5, 'completed', [], undefined]) assert.equal(strict(nothing), false);
});

test('what the relay could not read is refused at once', () => {
  const deep = (levels) => (levels === 0 ? {} : { inner: deep(levels - 1) });
  assert.ok(complete({ verb: 'passed', result: deep(62) }).row);
  assert.ok(complete({ verb: 'passed', response: 'x'.repeat(255 * 1024) }).row);
  for (const [event, rule] of [
    [{ verb: 'passed', result: deep(63) }, 'json.depth'],
    [{ verb: 'passed', response: 'x'.repeat(256 * 1024) }, 'event.too-large'],
  ]) {
    assert.throws(
      () => complete(event),
      ({ code, violations }) => code === 'statement-invalid' && violations[0].rule === rule,
    );
  }
  const loop = {};
  loop.loop = loop;
  assert.throws(() => complete(loop), { code: 'event-unreadable' });
});

test('a statement of the journal goes as it is', () => {
  const row = { kind: 'statement', body: '{}' };
  assert.equal(raw_completion.complete_row(row).row, row);
});
