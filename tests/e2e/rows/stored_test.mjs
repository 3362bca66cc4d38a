// 200 with an array of ids, and 204: stored. Any other success is somebody else's: blocked.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';

import { statements } from '../support/statements.mjs';
import { on_stage } from './stage.mjs';

const json = 'application/json';

describe('stored', { concurrency: true }, () => {
  test('what an LRS takes is sent once, in batches of the size that is set', async (t) => {
    const stage = await on_stage(t, { settings: 'batch_count_max = 40' });
    await stage.posts(statements(80));
    await stage.ends();
    const stored = await stage.lrs.statements();
    assert.deepEqual(
      stored.map(({ id }) => id),
      stage.posted.map(({ id }) => id),
      'in order of arrival',
    );
    assert.ok(stored.every(({ sent }) => sent === 1));
    assert.deepEqual(
      (await stage.lrs.posts()).map((request) => request.statements),
      [40, 40],
    );
    assert.deepEqual(stage.relay.alerts(), []);
  });

  for (const [name, answer_to] of /** @type {[string, (ids: string[]) => object][]} */ ([
    ['204', () => ({ status: 204 })],
    ['200 with an empty array', () => ({ status: 200, body: '[]', content_type: json })],
    [
      '200 with some of the ids, in another order and in capitals',
      ([first, second]) => ({
        status: 200,
        body: JSON.stringify([second, first.toUpperCase()]),
        content_type: `${json}; charset=utf-8`,
      }),
    ],
  ])) {
    test(`${name} is the whole batch`, async (t) => {
      const stage = await on_stage(t);
      const batch = statements(3);
      await stage.lrs.goes_wrong(answer_to(batch.map(({ id }) => id)));
      await stage.posts(batch);
      await stage.books({ accepted: 3, delivered: 3, waiting: 0 });
      assert.equal((await stage.lrs.posts()).length, 1);
      assert.deepEqual(stage.relay.alerts(), []);
    });
  }
});

describe('a success that is not the answer of an LRS', { concurrency: true }, () => {
  const login_page = '<!doctype html><title>Sign in to the network</title>';
  for (const [name, fault] of /** @type {[string, object][]} */ ([
    ['200 with a login page', { status: 200, body: login_page, content_type: 'text/html' }],
    ['200 with an array, as text', { status: 200, body: '[]', content_type: 'text/plain' }],
    ['200 with an object', { status: 200, body: '{"ok":true}', content_type: json }],
    ['200 with half an array', { status: 200, body: '["', content_type: json }],
    ['200 with nothing', { status: 200, body: '', content_type: json }],
    [
      '200 with the id of another statement',
      { status: 200, body: JSON.stringify([randomUUID()]), content_type: json },
    ],
    ['202', { status: 202, body: '[]', content_type: json }],
    ['206', { status: 206, body: '[]', content_type: json }],
  ])) {
    test(`${name} blocks, loses nothing, and heals`, async (t) => {
      const stage = await on_stage(t);
      await stage.lrs.goes_wrong(fault);
      await stage.posts(statements(5));
      assert.deepEqual(await stage.alerts(1), ['blocked began']);
      await stage.books({ accepted: 5, delivered: 0, waiting: 5 });
      await stage.requests(2); // it was probed
      const [destination] = await stage.relay.ask('destinations', 'list');
      assert.equal(destination.blocked, 'endpoint');
      await stage.lrs.is_well();
      await stage.ends();
      assert.deepEqual(await stage.alerts(2), ['blocked began', 'blocked ended']);
    });
  }
});
