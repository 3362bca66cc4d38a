// One organisation posts as fast as it can, beyond what may wait of it, to an LRS that is down. The
// others are never refused, and all that was acknowledged to anybody arrives.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { practice_lrs } from '../support/practice_lrs.mjs';
import { running_relay } from '../support/relay.mjs';
import { statements } from '../support/statements.mjs';
import { until } from '../support/until.mjs';

const memory_mib_max = 192;
const flooding_connections = 16;
const others = ['first', 'second', 'third'];
const refusals_min = 200;
const rounds = 40;
const queue_bytes_max = 16 * 1024 * 1024;

/** @typedef {import('../support/statements.mjs').Statement} Statement */

/** @param {import('../support/practice_lrs.mjs').PracticeLrs} lrs @param {Statement[]} expected */
async function has_exactly(lrs, expected) {
  const stored = await lrs.statements(expected.length);
  assert.equal(stored.length, expected.length);
  assert.deepEqual(
    new Map(stored.map(({ id, text }) => [id, text])),
    new Map(expected.map(({ id, text }) => [id, text])),
  );
}

test('a flood of one organisation leaves the others their service', async (t) => {
  const of_flood = await practice_lrs(t, 'canary-flood');
  const of_others = await practice_lrs(t, 'canary-others');
  await of_flood.goes_wrong({ status: 503 });
  const settings = 'update_interval_s = 1';
  const to = ({ xapi_url: url, api_secret } = of_others) => [{ url, api_secret, settings }];
  const relay = await running_relay(
    t,
    { flood: to(of_flood), ...Object.fromEntries(others.map((name) => [name, to()])) },
    { of_organisation: { flood: `queue_bytes_max = ${queue_bytes_max}` } },
  );
  /** @type {Statement[]} */
  const flooded = [];
  let refusals = 0;
  let is_over = false;
  const flood = async () => {
    while (!is_over) {
      const some = statements(50, { padding: 5_000 });
      const answer = await relay.answer_to(some, 'flood');
      if (answer.status === 200) {
        assert.equal((await answer.json()).accepted.length, some.length);
        flooded.push(...some);
      } else {
        assert.ok([429, 503, 507].includes(answer.status), String(answer.status));
        await answer.arrayBuffer();
        refusals += 1;
      }
    }
  };
  const flooding = Promise.all(Array.from({ length: flooding_connections }, flood));
  await until('the flood is refused', () => refusals > 0);

  const served = await Promise.all(
    others.map(async (name) => {
      const posted = [];
      for (let round = 0; round < rounds; ++round) {
        const one = statements(2);
        await relay.accepts(one, name);
        posted.push(...one);
      }
      return posted;
    }),
  );
  await until('it has been refused often', () => refusals >= refusals_min);
  await has_exactly(of_others, served.flat());
  is_over = true;
  await flooding;
  assert.ok(relay.memory_peak_mib < memory_mib_max, `${relay.memory_peak_mib} MiB`);
  t.diagnostic(`${flooded.length} of the flood were accepted, ${refusals} requests refused`);

  await of_flood.is_well();
  await has_exactly(of_flood, flooded);
  const fresh = statements(10);
  await until('it may post again', async () => {
    return (await relay.answer_to(fresh, 'flood')).status === 200;
  });
  await has_exactly(of_flood, [...flooded, ...fresh]);
  for (const organisation of ['flood', ...others]) {
    await until('the books are closed', async () => {
      const { waiting, dead_letters } = await relay.ledger({ organisation });
      return waiting === 0 && dead_letters === 0;
    });
  }
});
