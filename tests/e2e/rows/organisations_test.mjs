// Several organisations, and several destinations of one: the dead do not trouble the living, and
// nothing goes to the wrong one.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { practice_lrs } from '../support/practice_lrs.mjs';
import { running_relay } from '../support/relay.mjs';
import { statements } from '../support/statements.mjs';
import { until } from '../support/until.mjs';

const alerts_at_once = '[alerts]\noutage_after_s = 0\n';
const settings = 'update_interval_s = 1';

/** @typedef {import('../support/practice_lrs.mjs').PracticeLrs} PracticeLrs */
/** @typedef {import('../support/statements.mjs').Statement} Statement */

/** @param {PracticeLrs} lrs @param {Statement[]} expected */
async function has_exactly(lrs, expected) {
  const stored = await lrs.statements(expected.length);
  assert.deepEqual(
    new Map(stored.map(({ id, text }) => [id, text])),
    new Map(expected.map(({ id, text }) => [id, text])),
  );
}

/**
 * @param {import('../support/relay.mjs').Relay} relay
 * @param {Record<string, string>} of labels
 * @param {Partial<import('../support/relay.mjs').Ledger>} terms
 */
const books = (relay, of, terms) =>
  until(
    `${JSON.stringify(of)} ${JSON.stringify(terms)}`,
    async () => {
      const ledger = await relay.ledger(of);
      return Object.entries(terms).every(([term, value]) => ledger[term] === value);
    },
    { otherwise: () => relay.ledger(of) },
  );

test('an organisation whose LRS is dead, and one whose LRS is well', async (t) => {
  const dead = await practice_lrs(t, 'canary-dead');
  const well = await practice_lrs(t, 'canary-well');
  const relay = await running_relay(
    t,
    {
      dead: [{ url: dead.xapi_url, api_secret: dead.api_secret, settings }],
      well: [{ url: well.xapi_url, api_secret: well.api_secret, settings }],
    },
    { more: alerts_at_once },
  );
  await dead.stop();
  const of_dead = statements(150);
  const of_well = statements(150);
  await relay.accepts(of_dead, 'dead');
  await relay.accepts(of_well, 'well');
  await books(relay, { organisation: 'well' }, { accepted: 150, delivered: 150 });
  await until('the outage is told', () => relay.alerts().length > 0);
  await books(relay, { organisation: 'dead' }, { accepted: 150, waiting: 150, dead_letters: 0 });
  assert.deepEqual(relay.alerts({ organisation: 'dead' }), ['outage began']);
  assert.deepEqual(relay.alerts({ organisation: 'well' }), []);
  await has_exactly(well, of_well);

  const later = statements(20);
  await relay.accepts(later, 'well');
  await has_exactly(well, [...of_well, ...later]);
  // An id is known within its organisation only.
  await relay.accepts(of_well.slice(0, 5), 'dead');
  assert.equal((await relay.answer_to(statements(1), 'nobody')).status, 404);
  assert.equal((await relay.answer_to(statements(1))).status, 404, 'which organisation is meant?');

  await dead.start();
  await books(relay, { organisation: 'dead' }, { accepted: 155, delivered: 155, waiting: 0 });
  await has_exactly(dead, [...of_dead, ...of_well.slice(0, 5)]);
  assert.ok((await well.statements()).every(({ sent }) => sent === 1));
});

test('an organisation with two LRSs, of which one refuses the key', async (t) => {
  const refuses = await practice_lrs(t, 'canary-new');
  const well = await practice_lrs(t, 'canary-well');
  const refusing = { url: refuses.xapi_url, api_secret: 'canary-old', settings };
  const relay = await running_relay(
    t,
    { school: [refusing, { url: well.xapi_url, api_secret: well.api_secret, settings }] },
    { more: alerts_at_once },
  );
  const posted = statements(60);
  await relay.accepts(posted);
  await has_exactly(well, posted);
  const destination = refuses.xapi_url;
  await until('the block is told', () => relay.alerts({ destination })[0]);
  await books(relay, { destination }, { accepted: 60, delivered: 0, waiting: 60 });
  refusing.api_secret = 'canary-new';
  await relay.reload();
  await books(relay, { destination }, { delivered: 60, waiting: 0 });
  await has_exactly(refuses, posted);
  assert.ok((await well.statements()).every(({ sent }) => sent === 1));
});
