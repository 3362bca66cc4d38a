// 409: an id is known. The LRS is asked which statement it has.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { poison_verb, statement, statements, statements_with_bad } from '../support/statements.mjs';
import { deaths, on_stage, Stage } from './stage.mjs';

const known_already = { method: 'POST', status: 409 };

describe('409', { concurrency: true }, () => {
  test('for what the LRS has in the same words means that it is there', async (t) => {
    const stage = await on_stage(t);
    const batch = statements(8);
    await stage.lrs.store(`[${batch.map(({ text }) => text).join(',')}]`);
    await stage.lrs.goes_wrong(known_already);
    await stage.posts(batch);
    await stage.books({ already_there: 8, dead_letters: 0, delivered: 0, waiting: 0 });
    await stage.lrs_has_once(batch);
    const looked_up = (await stage.lrs.requests()).filter(({ method }) => method === 'GET');
    assert.deepEqual(
      looked_up.map(({ target }) => target).sort(),
      batch.map(({ id }) => `/xapi/statements?statementId=${id}`).sort(),
    );
    assert.deepEqual(stage.relay.alerts(), []);
  });

  test('for what the LRS has written anew means that it is there', async (t) => {
    const stage = await on_stage(t);
    const batch = statements(8);
    const anew = batch.map(({ text }) => {
      const { actor, object, ...rest } = JSON.parse(text);
      return {
        ...rest,
        actor: { objectType: 'Agent', ...actor },
        object: { objectType: 'Activity', ...object },
      };
    });
    assert.match(batch[0].text, /0\.80/, 'which JSON.stringify spells otherwise, too');
    await stage.lrs.store(JSON.stringify(anew));
    await stage.lrs.goes_wrong(known_already);
    await stage.posts(batch);
    await stage.books({ already_there: 8, dead_letters: 0, delivered: 0, waiting: 0 });
  });

  test('for a voided statement means that it is there', async (t) => {
    const stage = await on_stage(t);
    const voided = statement();
    await stage.lrs.store(voided.text);
    const voiding = JSON.parse(statement().text);
    voiding.verb = { id: 'http://adlnet.gov/expapi/verbs/voided' };
    voiding.object = { objectType: 'StatementRef', id: voided.id };
    await stage.lrs.store(JSON.stringify(voiding));
    await stage.lrs.goes_wrong(known_already);
    await stage.posts([voided]);
    await stage.books({ already_there: 1, dead_letters: 0, waiting: 0 });
    const last = (await stage.lrs.requests()).at(-1);
    assert.equal(last?.target, `/xapi/statements?voidedStatementId=${voided.id}`);
  });

  test('for what may not be read means that it is there', async (t) => {
    const stage = await on_stage(t);
    await stage.lrs.goes_wrong([{ method: 'GET', status: 403 }, known_already]);
    await stage.posts(statements(2));
    await stage.books({ already_there: 2, dead_letters: 0, waiting: 0 });
    await stage.spoke_as_it_should();
  });

  test('for another statement is a conflict, and the others arrive', async (t) => {
    const stage = await on_stage(t);
    const batch = statements(50);
    const { id } = batch[31];
    const other = statement({ id, object: 'https://example.org/course/quiz/2' });
    await stage.lrs.store(other.text);
    await stage.posts(batch);
    await stage.books({ delivered: 49, already_there: 0, dead_letters: 1, waiting: 0 });
    const letters = await stage.has_buried([{ id, reason: 'conflict', status: 409 }]);
    assert.match(letters[0].words, /another statement has the id/);
    const stored = await stage.lrs.statements(50);
    assert.deepEqual(
      new Map(stored.map((one) => [one.id, one.text])),
      new Map([...batch, other].map((one) => [one.id, one.text])),
    );
    const requests = (await stage.lrs.posts()).length - 1;
    assert.ok(requests <= Stage.requests_max(1, 50), `${requests} requests`);
    assert.deepEqual(stage.relay.alerts(), ['dead-letters digest']);
  });

  test('for what the LRS does not show is given up after a while', async (t) => {
    const stage = await on_stage(t);
    await stage.lrs.goes_wrong({ poison_verb, status: 409, body: 'I know that one' });
    const posted = await stage.posts(statements_with_bad(20, [3]));
    await stage.books({ delivered: 19, waiting: 1 });
    await stage.ends({ dead: deaths(posted, poison_verb, 'unresolved', 409) });
    const [{ attempts, words }] = await stage.relay.dead_letters();
    assert.ok(attempts >= 8, `${attempts} attempts`);
    assert.equal(words, 'I know that one');
    const looked_up = (await stage.lrs.requests()).filter(({ method }) => method === 'GET');
    assert.equal(looked_up.length, 2 * 8, 'each time among the voided ones too');
  });

  test('for what is not shown yet is no loss: it is sent again', async (t) => {
    const stage = await on_stage(t);
    await stage.lrs.goes_wrong({ poison_verb, status: 409, count: 6 });
    await stage.posts(statements_with_bad(4, [1]));
    await stage.ends();
  });

  test('after a lost answer is read back, and no good one looks bad', async (t) => {
    const stage = await on_stage(t);
    await stage.lrs.goes_wrong([{ reset: 'after', count: 1 }, known_already]);
    await stage.posts(statements(30));
    await stage.books({ already_there: 30, dead_letters: 0, waiting: 0 });
    await stage.lrs_has_once(stage.posted);
    await stage.spoke_as_it_should();
  });
});
