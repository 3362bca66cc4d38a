// 403: where others are stored, the statement; where nothing is, the key.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { poison_verb, statements, statements_with_bad } from '../support/statements.mjs';
import { deaths, on_stage, Stage } from './stage.mjs';

describe('403', { concurrency: true }, () => {
  for (const bad of [[57], [0, 99]]) {
    test(`for ${bad.length} of 100 buries these, and the key is not blamed`, async (t) => {
      const stage = await on_stage(t);
      await stage.lrs.goes_wrong({ poison_verb, status: 403, body: 'voiding is not for you' });
      const posted = await stage.posts(statements_with_bad(100, bad));
      await stage.ends({ dead: deaths(posted, poison_verb, 'forbidden', 403) });
      const requests = (await stage.lrs.posts()).length;
      assert.ok(requests <= Stage.requests_max(bad.length, 100), `${requests} requests`);
      assert.deepEqual(stage.relay.alerts(), ['dead-letters digest']);
      const letters = await stage.relay.dead_letters();
      assert.ok(letters.every(({ words }) => words === 'voiding is not for you'));
    });
  }

  test('for everything is the key: blocked, nothing buried, and it heals', async (t) => {
    const stage = await on_stage(t);
    await stage.lrs.goes_wrong({ status: 403 });
    await stage.posts(statements(100));
    assert.deepEqual(await stage.alerts(1), ['blocked began']);
    const [{ blocked }] = await stage.relay.ask('destinations', 'list');
    assert.equal(blocked, 'forbidden');
    const before = (await stage.lrs.posts()).length;
    await stage.requests(before + 1);
    await stage.books({ delivered: 0, dead_letters: 0, waiting: 100 });
    await stage.lrs.is_well();
    await stage.ends();
    assert.deepEqual(await stage.alerts(2), ['blocked began', 'blocked ended']);
  });
});
