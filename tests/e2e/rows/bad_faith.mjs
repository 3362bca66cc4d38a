// An LRS in bad faith, and what must hold whatever it answers.
import assert from 'node:assert/strict';

import { hostile_front } from '../support/hostile_front.mjs';
import { statements } from '../support/statements.mjs';
import { until } from '../support/until.mjs';
import { on_stage } from './stage.mjs';

const memory_mib_max = 128;

export const json_head = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n';

/** @param {import('node:test').TestContext} t */
export async function behind_a_front(t) {
  const front = await hostile_front(t);
  const stage = await on_stage(t, { url: front.url });
  front.lrs_port = stage.lrs.port;
  return { front, stage };
}

/**
 * Everything stays, is tried again, arrives once the LRS is well, and so does what comes later.
 * @param {Awaited<ReturnType<typeof behind_a_front>>} on @param {'blocked' | 'outage'} condition
 */
export async function outlives({ front, stage }, condition) {
  await stage.posts(statements(30));
  await stage.condition(condition);
  const before = front.spoiled;
  await until('it is tried again', () => front.spoiled > before);
  await stage.books({ accepted: 30, delivered: 0, dead_letters: 0, waiting: 30 });
  front.is_well();
  await stage.ends();
  await stage.posts(statements(5));
  await stage.ends();
  assert.deepEqual(await stage.alerts(2), [`${condition} began`, `${condition} ended`]);
  const { memory_peak_mib } = stage.relay;
  assert.ok(memory_peak_mib < memory_mib_max, `${memory_peak_mib} MiB`);
}
