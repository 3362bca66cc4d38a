// A full disk: refused at the door, and what was accepted goes out all the same.
import assert from 'node:assert/strict';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { test } from 'node:test';

import { beside_process, no_mount_namespace, where_mounted } from '../support/mount_namespace.mjs';
import { statements } from '../support/statements.mjs';
import { until } from '../support/until.mjs';
import { on_stage } from './stage.mjs';

const disk = 'size=48m';

/** Writes until there is no room. @param {string} file */
function fill(file) {
  const descriptor = openSync(file, 'a');
  for (let bytes = 1 << 20; bytes >= 1;) {
    try {
      writeSync(descriptor, Buffer.alloc(bytes));
    } catch (failed) {
      assert.equal(/** @type {NodeJS.ErrnoException} */ (failed).code, 'ENOSPC');
      bytes >>= 1;
    }
  }
  closeSync(descriptor);
}

test('a full disk', { skip: no_mount_namespace }, async (t) => {
  const stage = await on_stage(t, {
    inside: (folder) => where_mounted(['-t', 'tmpfs', '-o', disk, 'none', folder]),
  });
  const { relay, lrs } = stage;
  relay.beside = beside_process(relay.pid);
  const seen_from_outside = `/proc/${relay.pid}/root${relay.store_folder}`;
  await lrs.goes_wrong({ status: 503 });
  await stage.posts(statements(300));
  await stage.condition('outage');

  fill(`${seen_from_outside}/something-else`);
  const refused = [];
  await until('the door says that the disk is full', async () => {
    const one = statements(20, { padding: 10_000 });
    const answer = await relay.answer_to(one);
    if (answer.status === 200) {
      stage.posted.push(...one); // there was room in a file of the store still
      return false;
    }
    refused.push(...one);
    assert.equal(answer.status, 507);
    assert.ok(Number(answer.headers.get('retry-after')) > 0);
    assert.equal((await answer.json()).error.code, 'storage-full');
    return true;
  });
  await lrs.is_well();
  await stage.ends();
  assert.equal((await relay.answer_to(refused.slice(0, 20))).status, 507, 'full it is still');

  rmSync(`${seen_from_outside}/something-else`);
  await until('the door is open', async () => (await relay.answer_to(refused)).status === 200);
  stage.posted.push(...refused);
  await stage.ends();
  assert.ok((await stage.alerts(1)).includes('disk-filling began'));
});
