// 413: batches become smaller, and stay so; a statement that is too large alone is set aside.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { statement, statements } from '../support/statements.mjs';
import { on_stage } from './stage.mjs';

describe('413', { concurrency: true }, () => {
  test('makes batches smaller, once and for all that come', async (t) => {
    const stage = await on_stage(t);
    await stage.lrs.goes_wrong({ body_bytes_max: 9_000 });
    await stage.posts(statements(200));
    await stage.ends();
    const refused = (await stage.lrs.posts()).filter(({ status }) => status === 413);
    assert.ok(refused.length >= 1 && refused.length <= 4, `${refused.length} were too large`);
    await stage.posts(statements(100));
    await stage.ends();
    const all = (await stage.lrs.posts()).filter(({ status }) => status === 413);
    assert.equal(all.length, refused.length, 'it had learned');
    assert.deepEqual(stage.relay.alerts(), []);
  });

  test('from a limit that shrinks loses nothing, down to single statements', async (t) => {
    const stage = await on_stage(t);
    const posted = statements(100);
    const longest = Math.max(...posted.map(({ text }) => Buffer.byteLength(text)));
    await stage.lrs.goes_wrong(
      [40, 20, 10, 5, 2, 1].flatMap((count) => ({
        body_bytes_max: count * longest + 2,
        count: 1,
      })),
    );
    await stage.posts(posted);
    await stage.ends();
    const refused = (await stage.lrs.posts()).filter(({ status }) => status === 413);
    assert.equal(refused.length, 6, 'each limit was met');
    await stage.posts(statements(20));
    await stage.ends();
  });

  test('for one alone is a dead letter, and the others arrive', async (t) => {
    const stage = await on_stage(t);
    await stage.lrs.goes_wrong({ body_bytes_max: 20_000, body: 'request entity too large' });
    const large = statement({ padding: 30_000 });
    await stage.posts([...statements(10), large, ...statements(10)]);
    await stage.ends({ dead: [{ id: large.id, reason: 'too-large', status: 413 }] });
    const [{ words }] = await stage.relay.dead_letters();
    assert.equal(words, 'request entity too large');
    assert.deepEqual(stage.relay.alerts(), ['dead-letters digest']);
  });
});
