// What dead LRSs cost their neighbours; the method is in README.md beside this file.
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { cpuOf, freePort, residentMiB, startRelay, until } from './relay/running_relay.mjs';

const seconds = Number(process.env.BENCH_SECONDS ?? 20);
const organisationCount = 200;
const deadCount = 50;
const roundMs = 500; // each organisation sends a statement in every round

/** How a dead LRS is dead, in turn. */
const deaths = /** @type {const} */ (['refuses connections', 'never answers', 'answers 503']);

/** @typedef {{ port: number, arrivals: Map<string, number>, close: () => void }} Lrs */

/**
 * One LRS for all organisations: /well/N stores, /hanging/N never answers, /failing/N answers 503.
 * @returns {Promise<Lrs>}
 */
function startLrs() {
  /** @type {Map<string, number>} */
  const arrivals = new Map();
  const server = createServer((request, response) => {
    /** @type {Buffer[]} */
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      if (request.url?.startsWith('/hanging/')) return;
      if (request.url?.startsWith('/failing/')) return void response.writeHead(503).end();
      const now = performance.now();
      const statements = JSON.parse(Buffer.concat(chunks).toString());
      for (const { id } of statements) arrivals.set(id, now);
      response.writeHead(204).end();
    });
  });
  server.keepAliveTimeout = 0;
  return new Promise((done) =>
    server.listen(0, '127.0.0.1', () => {
      const address = /** @type {import('node:net').AddressInfo} */ (server.address());
      const close = () => void (server.close(), server.closeAllConnections());
      done({ port: address.port, arrivals, close });
    }),
  );
}

/** @param {number} n @param {number} dead @param {number} lrsPort @param {number} closedPort */
function urlOf(n, dead, lrsPort, closedPort) {
  if (n >= dead) return `http://127.0.0.1:${lrsPort}/well/${n}/`;
  const death = deaths[n % deaths.length];
  if (death === 'refuses connections') return `http://127.0.0.1:${closedPort}/`;
  return `http://127.0.0.1:${lrsPort}/${death === 'never answers' ? 'hanging' : 'failing'}/${n}/`;
}

/** @param {number} n */
function statementOf(n) {
  return {
    id: randomUUID(),
    actor: { account: { homePage: 'https://school.example', name: `learner-${n}` } },
    verb: { id: 'http://adlnet.gov/expapi/verbs/answered' },
    object: { id: 'https://school.example/quiz' },
    timestamp: new Date().toISOString(),
  };
}

/** @param {number[]} sorted @param {number} share */
const quantile = (sorted, share) => sorted[Math.floor((sorted.length - 1) * share)].toFixed(0);

/** @param {number} dead how many of the organisations have a dead LRS */
async function measure(dead) {
  const folder = mkdtempSync(join(tmpdir(), 'waypost-fairness-'));
  const lrs = await startLrs();
  const closedPort = await freePort();
  const relay = await startRelay(
    folder,
    Array.from({ length: organisationCount }, (_, n) => ({
      name: `school-${n}`,
      url: urlOf(n, dead, lrs.port, closedPort),
    })),
  );
  try {
    /** @type {Map<string, number>} */
    const sent = new Map();
    const cpuBefore = cpuOf(relay.pid);
    const end = performance.now() + seconds * 1000;
    let count = 0;
    while (performance.now() < end) {
      const next = performance.now() + roundMs;
      for (let n = 0; n < organisationCount; ++n) {
        const statement = statementOf(n);
        const answer = await fetch(`${relay.url}/waypost/o/school-${n}/xapi/statements`, {
          method: 'POST',
          headers: {
            'Content-Type': 'application/json',
            'X-Experience-API-Version': '1.0.3',
            Origin: relay.origin,
          },
          body: JSON.stringify(statement),
        });
        if (!answer.ok) throw new Error(`refused: ${answer.status} ${await answer.text()}`);
        if (n >= deadCount) sent.set(statement.id, performance.now());
        ++count;
      }
      await pause(Math.max(0, next - performance.now()));
    }
    await until(async () => [...sent.keys()].every((id) => lrs.arrivals.has(id)), 'the LRSs', 60);
    const delays = [...sent].map(([id, at]) => (lrs.arrivals.get(id) ?? NaN) - at);
    delays.sort((a, b) => a - b);
    console.log(
      `${dead} of ${organisationCount} dead: delay at the well ones p50 ${quantile(delays, 0.5)} ms, ` +
        `p99 ${quantile(delays, 0.99)} ms, max ${quantile(delays, 1)} ms; ` +
        `relay ${((cpuOf(relay.pid) - cpuBefore) / count).toFixed(0)} us/statement, ` +
        `${residentMiB(relay.pid)} MiB`,
    );
  } finally {
    await relay.stop();
    lrs.close();
    rmSync(folder, { recursive: true });
  }
}

console.log(
  `${organisationCount} organisations, a statement each every ${roundMs} ms for ${seconds} s, ` +
    `update interval 1 s; the dead: ${deaths.join(', ')}`,
);
await measure(0);
await measure(deadCount);
