// Where no trustworthy connection comes about nothing is sent, and the human is told why.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { describe, test } from 'node:test';

import { no_mount_namespace, where_mounted } from '../support/mount_namespace.mjs';
import { statements } from '../support/statements.mjs';
import { Certificates, tls_front } from '../support/tls_front.mjs';
import { on_stage } from './stage.mjs';

// Of Debian, which libcurl reads.
const trusted_by_the_system = '/etc/ssl/certs/ca-certificates.crt';

/** @param {import('./stage.mjs').Stage} stage */
async function is_blocked_by_tls(stage) {
  await stage.posts(statements(20));
  assert.deepEqual(await stage.alerts(1), ['blocked began']);
  const [{ blocked }] = await stage.relay.ask('destinations', 'list');
  assert.equal(blocked, 'tls');
  await stage.books({ delivered: 0, dead_letters: 0, waiting: 20 });
  assert.deepEqual(await stage.lrs.requests(), []);
  const [{ failure, status }] = stage.relay.log('batch not stored');
  assert.deepEqual([failure, status], ['certificate or TLS', 0]);
}

describe('TLS', { concurrency: true }, () => {
  test('a certificate that nobody vouches for', async (t) => {
    const front = await tls_front(t, new Certificates(t).make('self-signed'));
    const stage = await on_stage(t, { url: front.url });
    front.lrs_port = stage.lrs.port;
    await is_blocked_by_tls(stage);
    assert.equal(front.requests, 0);
  });

  test('no TLS at all where it should be', async (t) => {
    const plain = createServer(() => assert.fail('nothing is sent in the clear'));
    plain.listen(0, '127.0.0.1');
    await once(plain, 'listening');
    t.after(() => plain.close());
    const { port } = /** @type {import('node:net').AddressInfo} */ (plain.address());
    await is_blocked_by_tls(await on_stage(t, { url: `https://127.0.0.1:${port}/xapi/` }));
  });

  for (const [name, terms] of /** @type {[string, {address?: string, days?: number}][]} */ ([
    ['that has ended', { days: -1 }],
    ['of another host', { address: '127.0.0.2' }],
  ])) {
    const about = `a certificate ${name}, until there is a right one`;
    test(about, { skip: no_mount_namespace }, async (t) => {
      const certificates = new Certificates(t);
      const wrong = certificates.make('wrong', terms);
      const right = certificates.make('right');
      const both = certificates.bundle([wrong, right]);
      const front = await tls_front(t, wrong);
      const inside = () => where_mounted(['--bind', '--read-only', both, trusted_by_the_system]);
      const stage = await on_stage(t, { url: front.url, inside });
      front.lrs_port = stage.lrs.port;
      await is_blocked_by_tls(stage);
      assert.equal(front.requests, 0);
      front.show(right);
      await stage.ends();
      assert.deepEqual(stage.relay.alerts({ alert: 'blocked' }), [
        'blocked began',
        'blocked ended',
      ]);
    });
  }
});
