// More connections than there is room for. A file of its own: so many clients keep their process
// busy for long enough that another test's connection would be ended before it is used.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Client, serves } from './harmful_client.mjs';
import { on_stage } from './stage.mjs';

test('ten thousand that say nothing are shown out, and fill nothing', async (t) => {
  const stage = await on_stage(t);
  const all = Array.from({ length: 10_000 }, () => new Client(stage, t));
  const statuses = await Promise.all(all.map((client) => client.refused_with()));
  assert.ok(statuses.every((status) => [0, 408, 503].includes(status)));
  assert.ok(statuses.includes(503), 'some at the door, where there is no room');
  await serves(stage);
});
