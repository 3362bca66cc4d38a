// A full disk: refused at the door, and what was accepted goes out all the same.
import assert from 'node:assert/strict';
import { closeSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { test } from 'node:test';

import { beside_process, no_mount_namespace, where_mounted } from '../support/mount_namespace.mjs';
import { statements } from '../support/statements.mjs';
import { until } from '../support/until.mjs';
import { on_stage } from './stage.mjs';

/** @typedef {import('./stage.mjs').Stage} Stage */

const disk = 'size=48m';

const more_than_a_page = 8192;

/**
 * Writes until there is no room: all at once, for the relay gives up its reserve when a write of
 * its own fails, and that must not be taken too. @param {string} file
 */
function fill(file) {
  const descriptor = openSync(file, 'a');
  const { bavail, bsize } = statfsSync(file);
  const room_bytes = bavail * bsize;
  assert.ok(writeSync(descriptor, Buffer.alloc(room_bytes + more_than_a_page)) <= room_bytes);
  closeSync(descriptor);
}

/** @param {import('node:test').TestContext} t */
async function on_a_small_disk(t) {
  const stage = await on_stage(t, {
    inside: (folder) => where_mounted(['-t', 'tmpfs', '-o', disk, 'none', folder]),
  });
  const { relay } = stage;
  relay.beside = beside_process(relay.pid);
  return { stage, something_else: `/proc/${relay.pid}/root${relay.store_folder}/something-else` };
}

/** What the door refuses, once it says that the disk is full. @param {Stage} stage */
async function refused_by(stage) {
  return until('the door says that the disk is full', async () => {
    const one = statements(20, { padding: 10_000 });
    const answer = await stage.relay.answer_to(one);
    if (answer.status === 200) {
      stage.posted.push(...one); // there was room in a file of the store still
      return null;
    }
    assert.equal(answer.status, 507);
    assert.ok(Number(answer.headers.get('retry-after')) > 0);
    assert.equal((await answer.json()).error.code, 'storage-full');
    return one;
  });
}

test('a full disk', { skip: no_mount_namespace }, async (t) => {
  const { stage, something_else } = await on_a_small_disk(t);
  const { relay, lrs } = stage;
  await lrs.goes_wrong({ status: 503 });
  await stage.posts(statements(300));
  await stage.condition('outage');

  fill(something_else);
  const refused = await refused_by(stage);
  await lrs.is_well();
  await stage.ends();
  assert.equal((await relay.answer_to(refused)).status, 507, 'full it is still');

  rmSync(something_else);
  await until('the door is open', async () => (await relay.answer_to(refused)).status === 200);
  stage.posted.push(...refused);
  await stage.ends();
  assert.ok((await stage.alerts(1)).includes('disk-filling began'));
});

test(
  'a disk on which something else has taken the reserve too',
  { skip: no_mount_namespace },
  async (t) => {
    const { stage, something_else } = await on_a_small_disk(t);
    const { relay, lrs } = stage;
    await lrs.goes_wrong({ status: 503 });
    await stage.posts(statements(300));
    await stage.condition('outage');

    fill(something_else);
    await refused_by(stage);
    fill(something_else);
    await lrs.is_well();
    await until('deliveries cannot be noted', async () => {
      // A file of the store may have room for it still.
      const { waiting } = await relay.ledger();
      return waiting === 0 || relay.log_text.includes('"settlement: ');
    });
    rmSync(something_else);
    await stage.ends();
  },
);
