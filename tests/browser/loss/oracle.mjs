// What is true at the end of every test here, whatever went wrong in between.
import assert from 'node:assert/strict';

import { drained } from '../support/lesson_page.mjs';
import { dead_letters } from './lesson.mjs';

/**
 * All events are in the LRS, each once, in the order of its lane; nothing else is there, and
 * nothing waits any more.
 * @param {object} classroom
 * @param {import('./engine.mjs').Tab} tab that is open
 * @param {{object: string, context: {registration?: string}}[][]} lists the events of each page, in
 *   the order of its calls
 * @param {string[]} [dead] the objects of those that were set aside in the browser, and are not
 *   among the events
 */
export async function assert_nothing_lost({ core, lrs, proxy, relay }, tab, lists, dead = []) {
  const expected = lists.flat().map(({ object }) => object);
  const arrived = (await lrs.statements(expected.length)).map(
    ({ text, sent, sent_differently }) => ({
      object: JSON.parse(text).object.id,
      sent,
      sent_differently,
    }),
  );
  const objects = arrived.map(({ object }) => object);
  const known = new Set(objects);
  assert_none(
    'lost',
    expected.filter((object) => !known.has(object)),
  );
  assert_same_members(objects, expected);
  assert_none(
    'sent to the LRS again',
    arrived.filter(({ sent }) => sent > 1),
  );
  assert_order(objects, lists);
  await tab.run(drained);
  assert.equal(await relay.waiting(), 0, 'the relay has delivered everything');
  assert.equal((await lrs.statements(0)).length, expected.length, 'nothing came after that');
  const letters = await tab.run(dead_letters);
  assert.deepEqual(
    letters.map(({ body }) => object_of(JSON.parse(body))),
    dead,
  );
  // Else the test has tested something else than it says.
  assert.equal(proxy.kinds.has('statements'), core === 'wasm', [...proxy.kinds].join());
}

/** Every promise said that it is on disk, under the id by which the LRS has it. */
export async function assert_kept_its_word({ lrs }, events, fates) {
  const statements = await lrs.statements(0);
  const ids = new Map(statements.map(({ id, text }) => [JSON.parse(text).object.id, id]));
  assert.deepEqual(
    fates,
    events.map(({ object }) => ({ id: ids.get(object), stored: 'disk' })),
  );
}

/** Of a statement, or of an event that is kept as it was said. */
const object_of = ({ object, event }) => event?.object ?? object.id;

function assert_none(what, list) {
  assert.equal(list.length, 0, `${list.length} ${what}: ${JSON.stringify(list.slice(0, 3))}`);
}

function assert_same_members(objects, expected) {
  const wanted = new Set(expected);
  assert_none(
    'that nobody tracked',
    objects.filter((object) => !wanted.has(object)),
  );
  const seen = new Set();
  assert_none(
    'twice',
    objects.filter((object) => seen.size === seen.add(object).size),
  );
}

function assert_order(objects, lists) {
  const place = new Map(objects.map((object, index) => [object, index]));
  for (const list of lists) {
    const lanes = new Map();
    for (const { object, context } of list) {
      const at = place.get(object);
      const before = lanes.get(context.registration);
      assert.ok(before === undefined || before < at, `${object} has overtaken one of its lane`);
      lanes.set(context.registration, at);
    }
  }
}
