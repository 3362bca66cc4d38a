// What must be true in the end, whatever went wrong: everything that was acknowledged is in the LRS
// once, with its own bytes, nothing else is there, and the books balance.
import assert from 'node:assert/strict';

import { until } from '../e2e/support/until.mjs';

/** @typedef {import('../e2e/support/statements.mjs').Statement} Statement */

/**
 * @param {import('../e2e/support/relay.mjs').Relay} relay
 * @param {import('../e2e/support/practice_lrs.mjs').PracticeLrs} lrs
 * @param {Statement[]} acknowledged all that ever were
 */
export async function assert_each_once(relay, lrs, acknowledged) {
  await until('nothing waits', async () => (await relay.ledger()).waiting === 0, {
    otherwise: () => relay.ledger(),
  });
  const stored = await lrs.statements(acknowledged.length);
  assert.deepEqual(
    new Map(stored.map(({ id, text }) => [id, text])),
    new Map(acknowledged.map(({ id, text }) => [id, text])),
  );
  assert.ok(stored.every(({ sent_differently }) => sent_differently === 0));
}

/**
 * Posts them, and is told that each is accepted or known.
 * @param {import('../e2e/support/relay.mjs').Relay} relay
 * @param {Statement[]} statements
 */
export async function deliver(relay, statements) {
  const answer = await relay.answer_to(statements);
  assert.equal(answer.status, 200, await answer.clone().text());
  const { accepted, duplicate } = await answer.json();
  assert.equal(accepted.length + duplicate.length, statements.length);
}

/**
 * Posts to a relay that may die meanwhile. Whether it has acknowledged them.
 * @param {import('../e2e/support/relay.mjs').Relay} relay
 * @param {Statement[]} statements
 */
export async function try_to_deliver(relay, statements) {
  try {
    await deliver(relay, statements);
    return true;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // fetch's, for a connection that failed
    return false;
  }
}
