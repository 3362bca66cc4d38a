// 400 and 422: the bad statement is found among many, the good ones arrive meanwhile.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import {
  other_poison_verb,
  poison_verb,
  statement,
  statements,
  statements_with_bad,
} from '../support/statements.mjs';
import { deaths, on_stage, Stage } from './stage.mjs';

const batch = 100;
const words = 'this verb is not in our profile';
const even = Array.from({ length: batch / 2 }, (_, index) => 2 * index);
/** Refused alone in a row: then it is suspect, and no more are buried. */
const suspect_at = 10;

describe('400 and 422', { concurrency: true }, () => {
  for (const [status, bad] of /** @type {[number, number[]][]} */ ([
    [400, [57]],
    [400, [0, 99]],
    [400, even],
    [422, [99]],
    [422, [41, 42]],
  ])) {
    test(`${status} for ${bad.length} of ${batch} buries these, within the bound`, async (t) => {
      const stage = await on_stage(t);
      await stage.lrs.goes_wrong({ poison_verb, status, body: words });
      const posted = await stage.posts(statements_with_bad(batch, bad));
      await stage.ends({ dead: deaths(posted, poison_verb, 'refused', status) });
      const letters = await stage.relay.dead_letters();
      assert.ok(letters.every((letter) => letter.words === words));
      const requests = (await stage.lrs.posts()).length;
      assert.ok(requests <= Stage.requests_max(bad.length, batch), `${requests} requests`);
      assert.deepEqual(stage.relay.alerts(), ['dead-letters digest']);
    });
  }

  test('what is buried can be read, word for word', async (t) => {
    const stage = await on_stage(t);
    await stage.lrs.goes_wrong({ poison_verb, status: 400, body: `${words}\u001b[2J` });
    const posted = await stage.posts(statements_with_bad(3, [1]));
    await stage.ends({ dead: deaths(posted, poison_verb, 'refused', 400) });
    const [{ dead_letter }] = await stage.relay.dead_letters();
    const [whole] = await stage.relay.ask('dead-letters', 'show', String(dead_letter));
    assert.equal(whole.statement, posted[1].text);
    assert.equal(whole.attempts, 3);
    const shown = await stage.relay.command('dead-letters', 'show', String(dead_letter));
    assert.match(shown.output, new RegExp(words));
    assert.ok(!shown.output.includes('\u001b'), 'an LRS cannot write on the terminal');
  });

  test('bad ones are found where batches are too large as well', async (t) => {
    const stage = await on_stage(t);
    await stage.lrs.goes_wrong([
      { body_bytes_max: 20_000 },
      { poison_verb, status: 400, body: words },
    ]);
    const posted = [...statements_with_bad(batch - 1, [3, 60]), statement({ padding: 30_000 })];
    await stage.posts(posted);
    await stage.ends({
      dead: [
        ...deaths(posted, poison_verb, 'refused', 400),
        { id: posted[batch - 1].id, reason: 'too-large', status: 413 },
      ],
    });
  });

  test('bad ones are found beside one that breaks the server', async (t) => {
    const stage = await on_stage(t);
    await stage.lrs.goes_wrong([
      { poison_verb: other_poison_verb, status: 500, body: 'stack trace' },
      { poison_verb, status: 400, body: words },
    ]);
    const posted = statements_with_bad(40, [11, 30]);
    posted[20] = statement({ verb: other_poison_verb });
    await stage.posts(posted);
    await stage.ends({
      dead: [
        ...deaths(posted, poison_verb, 'refused', 400),
        ...deaths(posted, other_poison_verb, 'server-error', 500),
      ],
    });
  });
});

/** All of a batch are refused, until that is suspect. @param {import('node:test').TestContext} t */
async function refusing_all(t) {
  const stage = await on_stage(t);
  await stage.lrs.goes_wrong({ status: 400, body: words });
  await stage.posts(statements(batch));
  await stage.condition('blocked');
  await stage.books({ dead_letters: suspect_at - 1, waiting: batch - suspect_at + 1 });
  const [{ blocked }] = await stage.relay.ask('destinations', 'list');
  assert.equal(blocked, 'suspect');
  const before = (await stage.lrs.posts()).length;
  await stage.requests(before + 1);
  await stage.books({ dead_letters: suspect_at - 1, delivered: 0 });
  return stage;
}

describe('where everything is refused', { concurrency: true }, () => {
  test('it is suspect, heals without a hand, and what was buried is replayed', async (t) => {
    const stage = await refusing_all(t);
    await stage.lrs.is_well();
    await stage.books({ delivered: batch - suspect_at + 1, waiting: 0 });
    await stage.condition('blocked', false);
    const replayed = await stage.relay.command('dead-letters', 'replay', '--all', '--yes');
    assert.equal(replayed.code, 0, replayed.errors);
    await stage.ends();
    assert.deepEqual(stage.relay.alerts({ alert: 'blocked' }), ['blocked began', 'blocked ended']);
  });

  test('a human may have all of them isolated anyway', async (t) => {
    const stage = await refusing_all(t);
    const order = ['destinations', 'isolate-anyway', '--destination', stage.destination.url];
    const counted = await stage.relay.command(...order);
    assert.equal(counted.code, 0, counted.errors);
    await stage.books({ dead_letters: suspect_at - 1 });
    const ordered = await stage.relay.command(...order, '--yes');
    assert.equal(ordered.code, 0, ordered.errors);
    await stage.ends({
      dead: stage.posted.map(({ id }) => ({ id, reason: 'refused', status: 400 })),
    });
    const audit = await stage.relay.ask('audit');
    assert.equal(audit.length, 1);
    assert.equal(audit[0].destination, stage.destination.url);
  });
});
