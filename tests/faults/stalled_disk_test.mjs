// The disk stands still: an fdatasync does not return, as when a network disk is away. strace holds
// the thread that calls it, and only that one, until strace itself ends.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ChildProcess } from '../e2e/support/child_process.mjs';
import { practice_lrs } from '../e2e/support/practice_lrs.mjs';
import { running_relay } from '../e2e/support/relay.mjs';
import { statements } from '../e2e/support/statements.mjs';
import { until } from '../e2e/support/until.mjs';
import { assert_each_once, deliver } from './oracle.mjs';

const held_us = 3_600_000_000; // longer than any test
const patience_ms = 60_000;
const memory_max_mib = 128;
const requests = 60;

test('a disk that stands still costs nothing that was taken', async (t) => {
  const lrs = await practice_lrs(t, 'canary-faults');
  const relay = await running_relay(t, {
    faults: [{ url: lrs.xapi_url, api_secret: lrs.api_secret, settings: 'update_interval_s = 1' }],
  });
  const before = statements(20);
  await deliver(relay, before);
  const still = await disk_stands_still(relay.pid);
  if (!still) return t.skip('strace may not attach to a process on this machine');
  const waiting = statements(20);
  const refused = Array.from({ length: requests }, () => statements(100));
  const answer = relay.answer_to(waiting);
  try {
    await until('it says so', async () => (await relay.probe('/readyz')) === 503, { patience_ms });
    assert.equal(await relay.probe('/healthz'), 503);
    assert.ok((await relay.gauge('waypost_store_stalled_seconds')) >= 5);
    assert.equal(await relay.gauge('waypost_ledger_imbalance'), 0);

    const refusals = await Promise.all(refused.map((part) => relay.answer_to(part)));
    for (const { status, headers } of refusals) {
      assert.equal(status, 503);
      assert.ok(Number(headers.get('retry-after')) > 0);
    }
    assert.ok(relay.memory_peak_mib < memory_max_mib, `${relay.memory_peak_mib} MiB`);
  } finally {
    await still.end('SIGKILL'); // first: a process that is held so does not end
  }
  assert.equal((await answer).status, 200);
  await until('it is ready again', async () => (await relay.probe('/readyz')) === 200);
  assert.equal(await relay.gauge('waypost_store_stalled_seconds'), 0);
  for (const part of refused) await deliver(relay, part);
  await assert_each_once(relay, lrs, [...before, ...waiting, ...refused.flat()]);
});

/**
 * From the next fdatasync on, until what it gives is ended; null where nobody may trace.
 * @param {number} pid of the relay
 */
async function disk_stands_still(pid) {
  const tracer = new ChildProcess([
    ...['strace', '-f', '-o', '/dev/null', '-p', String(pid)],
    ...['-e', 'trace=fdatasync', '-e', `inject=fdatasync:delay_enter=${held_us}`],
  ]);
  const attached = await tracer.line((line) =>
    /attached|not permitted/.test(line) ? line.includes('attached') : null,
  );
  return attached ? tracer : null;
}
