// The relay dies at each system call by which it changes its files, as sqlite3 is tested, and at
// each by which it answers, sends and hears. strace kills it: at a thread's first such call, at the
// second, and so on until it outlives the work.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

import { practice_lrs } from '../e2e/support/practice_lrs.mjs';
import { running_relay } from '../e2e/support/relay.mjs';
import { statements } from '../e2e/support/statements.mjs';
import { assert_each_once, deliver, try_to_deliver } from './oracle.mjs';

const posts = 3;
/** What changes files, and what tells clients and the LRS. */
const calls = [
  ...['pwrite64', 'fdatasync', 'ftruncate', 'fallocate', 'unlink'],
  ...['sendmsg', 'sendto', 'recvfrom'],
];
const traced = spawnSync('strace', ['-o', '/dev/null', 'true']);
const skip = traced.status === 0 ? false : 'strace may not trace on this machine';

/** @param {string} call @param {number} nth @returns {string[]} a command before a command */
const dies_at = (call, nth) => [
  ...['strace', '-D', '-f', '-qqq', '-o', '/dev/null'],
  ...['-e', `trace=${call}`, '-e', `inject=${call}:signal=SIGKILL:when=${nth}`],
];

for (const call of calls) {
  test(`nothing acknowledged is lost when the relay dies at a ${call}`, { skip }, async (t) => {
    const lrs = await practice_lrs(t, 'canary-faults');
    const relay = await running_relay(t, {
      faults: [
        { url: lrs.xapi_url, api_secret: lrs.api_secret, settings: 'update_interval_s = 1' },
      ],
    });
    const acknowledged = [];
    let deaths = 0;
    let lives = 0;
    // When it outlives two, there are no more calls to die at.
    for (let nth = 1; lives < 2; ++nth) {
      await relay.stop();
      relay.inside = () => dies_at(call, nth);
      const work = Array.from({ length: posts }, () => statements(5));
      if (await outlives(relay, work)) lives += 1;
      else deaths += 1;
      relay.inside = () => [];
      await relay.start();
      for (const part of work) await deliver(relay, part);
      acknowledged.push(...work.flat());
    }
    t.diagnostic(`It died ${deaths} times.`);
    assert.ok(deaths > 0);
    await assert_each_once(relay, lrs, acknowledged);
  });
}

/**
 * Whether it lives through a start, all the work, and an end in order.
 * @param {import('../e2e/support/relay.mjs').Relay} relay
 * @param {import('../e2e/support/statements.mjs').Statement[][]} work
 */
async function outlives(relay, work) {
  const is_up = await relay.start().then(
    () => true,
    () => false,
  );
  if (is_up) {
    for (const part of work) if (!(await try_to_deliver(relay, part))) break;
    await relay.end();
  }
  const how = await relay.ended;
  assert.ok(how === 'exit code 0' || how === 'SIGKILL', `${how}\n${relay.log_text}`);
  return how === 'exit code 0';
}
