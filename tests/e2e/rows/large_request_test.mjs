// Requests that would fill the memory are refused while they come.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { gzip_bomb } from '../support/gzip_bomb.mjs';
import { pour } from '../support/hostile_front.mjs';
import { until } from '../support/until.mjs';
import { Client, envelope, head, serves } from './harmful_client.mjs';
import { on_stage } from './stage.mjs';

const poured_mib_max = 16;
const mib = 1024 * 1024;
/** Who goes on sending may be cut off before the answer is read. */
const refusals = [413, 0];

describe('large requests', { concurrency: true }, () => {
  test('a body of 1 GiB is refused by its head', async (t) => {
    const stage = await on_stage(t);
    const client = new Client(stage, t);
    client.socket.write(`${head}Content-Length: ${1024 * mib}\r\n\r\n`);
    let poured = 0;
    pour(client.socket, ' '.repeat(65_536), (bytes) => (poured += bytes));
    assert.ok(refusals.includes(await client.refused_with()));
    assert.ok(poured < poured_mib_max * mib, `${poured} bytes were taken`);
    await serves(stage);
  });

  test('a body without end is cut off', async (t) => {
    const stage = await on_stage(t);
    const client = new Client(stage, t);
    client.socket.write(`${head}Transfer-Encoding: chunked\r\n\r\n`);
    let poured = 0;
    const chunk = `10000\r\n${' '.repeat(65_536)}\r\n`;
    pour(client.socket, chunk, (bytes) => (poured += bytes));
    assert.ok(refusals.includes(await client.refused_with()));
    assert.ok(poured < poured_mib_max * mib, `${poured} bytes were taken`);
    await serves(stage);
  });

  test('many bodies at once share what room there is', async (t) => {
    const stage = await on_stage(t);
    const body = ' '.repeat(500_000);
    const all = Array.from({ length: 400 }, () => new Client(stage, t));
    for (const { socket } of all) socket.write(`${head}Content-Length: 500001\r\n\r\n${body}`);
    await until('all are connected', async () => {
      return (await stage.relay.gauge('waypost_connections')) >= 100;
    });
    await Promise.all(all.map((client) => client.closed));
    await serves(stage);
  });

  test('a body that must be unpacked is not', async (t) => {
    const stage = await on_stage(t);
    const [before = '', after = ''] = envelope(['|']).split('|');
    const packed = gzip_bomb(before, 256, after);
    const client = new Client(stage, t);
    client.socket.write(
      `${head}Content-Encoding: gzip\r\nContent-Length: ${packed.length}\r\n\r\n`,
    );
    client.socket.write(packed);
    assert.equal(await client.refused_with(), 415);
    await serves(stage);
  });
});
