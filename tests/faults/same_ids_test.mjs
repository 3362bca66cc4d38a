// Many clients send the same ids at once through both doors, with the same words and with others,
// in small letters and in capitals. One statement wins each id, and everybody is told the truth.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';

import { practice_lrs } from '../e2e/support/practice_lrs.mjs';
import { running_relay } from '../e2e/support/relay.mjs';
import { course_origin, statement } from '../e2e/support/statements.mjs';
import { until } from '../e2e/support/until.mjs';

/** @typedef {import('../e2e/support/statements.mjs').Statement} Statement */

const clients = 64;
const rounds = 8;
const at_once = 5;
const registration = randomUUID();
const objects = ['https://example.org/course/a', 'https://example.org/course/b'];
const ids = Array.from({ length: 40 }, () => randomUUID());

/** @param {number} below */
const any = (below) => Math.floor(Math.random() * below);

function some_statements() {
  const start = any(ids.length);
  return Array.from({ length: at_once }, (_, index) => {
    const id = ids[(start + index * 7) % ids.length];
    const object = objects[any(objects.length)];
    return { object, ...statement({ id: any(3) ? id : id.toUpperCase(), object, registration }) };
  });
}

/** @param {import('../e2e/support/relay.mjs').Relay} relay @param {Statement[]} statements */
function answer_of_lrs_door(relay, statements) {
  return fetch(`http://127.0.0.1:${relay.public_port}/waypost/xapi/statements`, {
    method: 'POST',
    headers: {
      origin: course_origin,
      'content-type': 'application/json',
      'x-experience-api-version': '1.0.3',
    },
    body: `[${statements.map(({ text }) => text).join(',')}]`,
  });
}

test('of statements with one id the first wins, whoever sends what meanwhile', async (t) => {
  const lrs = await practice_lrs(t, 'canary-faults');
  const relay = await running_relay(t, {
    faults: [{ url: lrs.xapi_url, api_secret: lrs.api_secret, settings: 'update_interval_s = 1' }],
  });
  /** The objects of what the relay said it has. @type {Map<string, Set<string>>} */
  const had = new Map(ids.map((id) => [id, new Set()]));
  /** @type {Statement[]} */
  const accepted = [];
  let conflicts = 0;

  async function posts() {
    const sent = some_statements();
    const answer = await relay.answer_to(sent);
    assert.equal(answer.status, 200);
    const { accepted: new_ids, duplicate, rejected } = await answer.json();
    assert.equal(new_ids.length + duplicate.length + rejected.length, at_once);
    for (const one of sent) {
      if (new_ids.includes(one.id)) accepted.push(one);
      if (new_ids.includes(one.id) || duplicate.includes(one.id)) {
        had.get(one.id.toLowerCase())?.add(one.object);
      }
    }
    conflicts += rejected.length;
  }

  async function posts_to_lrs_door() {
    const sent = some_statements();
    const answer = await answer_of_lrs_door(relay, sent);
    if (answer.status === 200) {
      for (const one of sent) had.get(one.id.toLowerCase())?.add(one.object);
    } else {
      assert.equal(answer.status, 409);
      conflicts += 1;
    }
  }

  await Promise.all(
    Array.from({ length: clients }, async (_, client) => {
      for (let i = 0; i < rounds; ++i) await (client % 2 ? posts() : posts_to_lrs_door());
    }),
  );
  assert.ok(conflicts > 0);
  for (const [id, of_it] of had) assert.equal(of_it.size, 1, `${id}: ${[...of_it]}`);
  await until('nothing waits', async () => (await relay.ledger()).waiting === 0);
  assert.equal((await relay.ledger()).accepted, ids.length);

  const stored = await lrs.statements(ids.length);
  assert.equal(stored.length, ids.length);
  const texts = new Map(stored.map(({ id, text }) => [id.toLowerCase(), text]));
  for (const [id, [object]] of had)
    assert.equal(JSON.parse(texts.get(id) ?? '{}').object.id, object);
  for (const { id, text } of accepted) assert.equal(texts.get(id.toLowerCase()), text);
  assert.ok(stored.every(({ sent }) => sent === 1));
});
