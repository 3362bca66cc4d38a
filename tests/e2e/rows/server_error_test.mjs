// 500 for a statement alone, again and again, while others are stored: it is the statement.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { poison_verb, statements, statements_with_bad } from '../support/statements.mjs';
import { deaths, on_stage } from './stage.mjs';

describe('500 beside good ones', { concurrency: true }, () => {
  for (const bad of [17, 0]) {
    test(`for number ${bad} of 100 buries it, after 8 times alone`, async (t) => {
      const stage = await on_stage(t);
      await stage.posts(statements(3));
      await stage.ends();
      await stage.lrs.goes_wrong({ poison_verb, status: 500, body: 'out of cheese' });
      const posted = await stage.posts(statements_with_bad(100, [bad]));
      await stage.ends({ dead: deaths(posted, poison_verb, 'server-error', 500) });
      const [{ attempts, words }] = await stage.relay.dead_letters();
      assert.ok(attempts >= 8, `${attempts} attempts`);
      assert.equal(words, 'out of cheese');
      assert.equal(await stage.relay.is_in('blocked'), false);
    });
  }
});
