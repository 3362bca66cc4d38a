// 404, 405, redirects and other 4xx: no LRS is there. All is kept, and a probe ends it.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { describe, test } from 'node:test';

import { poison_verb, statements, statements_with_bad } from '../support/statements.mjs';
import { deaths, on_stage } from './stage.mjs';

/** Where redirects lead; nobody must come. @param {import('node:test').TestContext} t */
async function elsewhere(t) {
  /** @type {string[]} */
  const visits = [];
  const server = createServer((request, response) => {
    visits.push(`${request.method} ${request.url} ${request.headers.authorization}`);
    response.writeHead(200, { 'content-type': 'application/json' }).end('[]');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return { visits, location: `http://127.0.0.1:${port}/xapi/statements` };
}

describe('no LRS at this address', { concurrency: true }, () => {
  for (const status of [301, 302, 303, 307, 308, 404, 405, 410, 418, 451]) {
    test(`${status} blocks, is told once, and heals`, async (t) => {
      const { visits, location } = await elsewhere(t);
      const stage = await on_stage(t);
      await stage.lrs.goes_wrong(status < 400 ? { status, location } : { status });
      await stage.posts(statements(20));
      assert.deepEqual(await stage.alerts(1), ['blocked began']);
      await stage.requests(2);
      const [{ blocked }] = await stage.relay.ask('destinations', 'list');
      assert.equal(blocked, 'endpoint');
      await stage.books({ delivered: 0, dead_letters: 0, waiting: 20 });
      await stage.lrs.is_well();
      await stage.ends();
      assert.deepEqual(await stage.alerts(2), ['blocked began', 'blocked ended']);
      assert.deepEqual(visits, []);
    });
  }

  test('404 for one statement of twenty buries it after a while', async (t) => {
    const stage = await on_stage(t);
    await stage.lrs.goes_wrong({ poison_verb, status: 404, body: 'no such page' });
    const posted = await stage.posts(statements_with_bad(20, [7]));
    await stage.ends({ dead: deaths(posted, poison_verb, 'refused', 404) });
    const [{ attempts }] = await stage.relay.dead_letters();
    assert.ok(attempts >= 8, `${attempts} attempts`);
  });
});
