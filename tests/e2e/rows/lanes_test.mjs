// A statement that waits to be tried again holds back its registration, and nothing else.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';

import { poison_verb, statement, statements } from '../support/statements.mjs';
import { on_stage } from './stage.mjs';

describe('lanes', { concurrency: true }, () => {
  for (const fault of [
    { poison_verb, status: 409 },
    { poison_verb, status: 503 },
  ]) {
    test(`one registration that gets ${fault.status} holds back only itself`, async (t) => {
      const stage = await on_stage(t);
      await stage.lrs.goes_wrong(fault);
      const registration = randomUUID();
      const held = [
        statement({ registration, verb: poison_verb }),
        ...statements(2, { registration }),
      ];
      await stage.posts([held[0], ...statements(5), held[1], ...statements(5), held[2]]);
      await stage.books({ delivered: 10, waiting: 3 });
      await stage.posts(statements(10));
      await stage.books({ delivered: 20, waiting: 3, dead_letters: 0 });
      await stage.lrs_has_once(stage.posted.filter((one) => !held.includes(one)));
      await stage.lrs.is_well();
      await stage.ends();
      const order = (await stage.lrs.statements()).map(({ id }) => id);
      assert.deepEqual(
        order.filter((id) => held.some((one) => one.id === id)),
        held.map(({ id }) => id),
        'in order of arrival',
      );
    });
  }
});
