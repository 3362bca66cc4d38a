// A crash of the relay leaves no copy of its memory behind, which holds secrets.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { practice_lrs } from '../e2e/support/practice_lrs.mjs';
import { running_relay } from '../e2e/support/relay.mjs';
import { statements } from '../e2e/support/statements.mjs';
import { assert_each_once, deliver } from './oracle.mjs';

/** A shell that lets the command behind it dump as much as it likes, and says how it ended. */
const where_cores_are_kept = (/** @type {string} */ folder) => [
  'bash',
  '-c',
  'cd "$1" && ulimit -c unlimited && shift && setpriv --pdeathsig KILL -- "$@"; exit $?',
  'bash',
  folder,
];
const dumped = /core dumped/;

test('a crash leaves no core dump, and costs nothing that was taken', async (t) => {
  const lrs = await practice_lrs(t, 'canary-faults');
  const relay = await running_relay(
    t,
    {
      faults: [
        { url: lrs.xapi_url, api_secret: lrs.api_secret, settings: 'update_interval_s = 1' },
      ],
    },
    { inside: where_cores_are_kept },
  );
  const abort = [...where_cores_are_kept(relay.folder), 'bash', '-c', 'kill -ABRT $$'];
  const other = spawnSync(abort[0], abort.slice(1), { encoding: 'utf8' });
  if (!dumped.test(other.stderr)) return t.skip('nothing dumps core on this machine');

  const taken = statements(20);
  await deliver(relay, taken);
  const [child] = readFileSync(`/proc/${relay.pid}/task/${relay.pid}/children`, 'utf8').split(' ');
  process.kill(Number(child), 'SIGABRT');
  await relay.ended;
  assert.match(relay.log_text, /Aborted/);
  assert.doesNotMatch(relay.log_text, dumped);

  relay.inside = () => [];
  await relay.start();
  await assert_each_once(relay, lrs, taken);
});
