// Slow clients are shown out, and who means well is served again without a restart.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { until } from '../support/until.mjs';
import { Client, head, serves } from './harmful_client.mjs';
import { on_stage } from './stage.mjs';

const connections_max = 1024;

describe('slow clients', { concurrency: true }, () => {
  for (const [name, sent] of [
    ['heads', head],
    ['bodies', `${head}Content-Length: 1000\r\n\r\n{`],
  ]) {
    test(`as many half ${name} as there is room for are shown out`, async (t) => {
      const stage = await on_stage(t);
      const all = Array.from({ length: connections_max + 100 }, () => new Client(stage, t));
      for (const { socket } of all) socket.write(sent);
      await until('all places are taken', async () => {
        return (await stage.relay.gauge('waypost_connections')) === connections_max;
      });
      const statuses = await Promise.all(all.map((client) => client.refused_with()));
      assert.ok(statuses.filter((status) => status === 408).length >= connections_max);
      assert.ok(statuses.every((status) => [0, 408, 503].includes(status)));
      await serves(stage);
    });
  }

  for (const [name, sent] of [
    ['head', `${head}X-Slow: `],
    ['body', `${head}Content-Length: 1000\r\n\r\n`],
  ]) {
    test(`a ${name} of one byte every ten seconds is not waited for`, async (t) => {
      const stage = await on_stage(t);
      const client = new Client(stage, t);
      client.socket.write(sent);
      const drip = setInterval(() => client.socket.write(' '), 10_000);
      t.after(() => clearInterval(drip));
      assert.equal(await client.refused_with(), 408);
      await serves(stage);
    });
  }
});
