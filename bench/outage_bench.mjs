// What a week's outage of one LRS costs, compressed in time, and how the queue drains beside ten
// other organisations. The method is in README.md beside this file.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { cpuOf, residentMiB, startRelay, until } from './relay/running_relay.mjs';
import { Delays, statementsOf } from './relay/timed_statements.mjs';

const days = 7;
const perSecond = Number(process.env.BENCH_PER_SECOND ?? 50);
const waitingTarget = Number(process.env.BENCH_WAITING ?? 100_000);
const seconds = Number(process.env.BENCH_SECONDS ?? 20);
const neighbours = 10;
const neighbourRoundMs = 200; // each neighbour sends a statement in every round
const fillBatch = 100;
const fillConnections = 4;

const week = days * 24 * 3600 * perSecond;

/** Knows what reached each organisation; `down` answers 503 to the first. */
class Lrs {
  isDown = true;
  /** @type {Map<string, number>} when each id arrived first */
  arrivals = new Map();
  repeats = 0;
  port = 0;
  server = createServer((request, response) => {
    /** @type {Buffer[]} */
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      if (this.isDown && request.url?.startsWith('/dead/'))
        return void response.writeHead(503).end();
      const now = performance.now();
      // Ids of statements as this bench makes them; to parse all would cost more than the relay.
      for (const [, id] of Buffer.concat(chunks)
        .toString()
        .matchAll(/\{"id":"([^"]{36})"/g)) {
        if (this.arrivals.has(id)) this.repeats += 1;
        else this.arrivals.set(id, now);
      }
      response.writeHead(204).end();
    });
  });

  async start() {
    await new Promise((done) => this.server.listen(0, '127.0.0.1', () => done(null)));
    this.port = /** @type {import('node:net').AddressInfo} */ (this.server.address()).port;
  }

  close() {
    this.server.close();
    this.server.closeAllConnections();
  }
}

/**
 * @param {Awaited<ReturnType<typeof startRelay>>} relay
 * @param {string} name @param {number} count
 */
async function post(relay, name, count) {
  const { ids, body } = statementsOf(count);
  const answer = await fetch(`${relay.url}/waypost/o/${name}/xapi/statements`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      'X-Experience-API-Version': '1.0.3',
      Origin: relay.origin,
    },
    body,
  });
  const text = await answer.text();
  assert.ok(answer.ok, `refused: ${answer.status} ${text}`);
  return ids;
}

const folder = mkdtempSync(join(process.env.BENCH_FOLDER ?? tmpdir(), 'waypost-outage-'));
const lrs = new Lrs();
await lrs.start();
const others = Array.from({ length: neighbours }, (_, n) => `school-${n}`);
const relay = await startRelay(
  folder,
  ['dead', ...others].map((name) => ({ name, url: `http://127.0.0.1:${lrs.port}/${name}/` })),
);
/** Of the one whose LRS is down. @type {string[]} */
const posted = [];
/** Whether statements arrive at their steady rate. */
let arriving = true;
try {
  console.log(
    `${days} days at ${perSecond}/s are ${week} statements; here ${waitingTarget} wait, ` +
      `1 : ${(week / waitingTarget).toFixed(0)}`,
  );
  const arrivals = (async () => {
    for (let n = 0, began = performance.now(); arriving; ++n) {
      const next = began + ((n + 1) * 1000 * 10) / perSecond;
      posted.push(...(await post(relay, 'dead', 10)));
      await pause(Math.max(0, next - performance.now()));
    }
  })();
  arrivals.catch(() => {}); // It is awaited below.

  const beside = async (/** @type {() => boolean} */ isOver) => {
    const delays = new Delays();
    while (!isOver()) {
      const next = performance.now() + neighbourRoundMs;
      for (const name of others) {
        const [id] = await post(relay, name, 1);
        delays.accepted(id, performance.now());
      }
      await pause(Math.max(0, next - performance.now()));
    }
    const all = () => delays.ids().every((id) => lrs.arrivals.has(id));
    await until(async () => all(), 'the LRSs of the neighbours', 120);
    return delays.quantiles(lrs.arrivals);
  };

  const end = performance.now() + seconds * 1000;
  const baseline = await beside(() => performance.now() > end);
  console.log(`the others, one LRS down: ${baseline.text}`);

  const fill = async () => {
    while (posted.length < waitingTarget) posted.push(...(await post(relay, 'dead', fillBatch)));
  };
  await Promise.all(Array.from({ length: fillConnections }, fill));
  const waiting = await relay.waiting();
  console.log(`${waiting} wait; peak memory ${residentMiB(relay.pid)} MiB`);

  lrs.isDown = false;
  const cpu = cpuOf(relay.pid);
  const arrivedBefore = lrs.arrivals.size;
  await until(async () => lrs.arrivals.size > arrivedBefore + 1000, 'the first deliveries', 700);
  const [began, begunWith] = [performance.now(), await relay.waiting()];
  const postedAtBegin = posted.length;
  let drained = false;
  const drain = until(
    async () => (await relay.waiting()) < 2 * perSecond + 100,
    'the drain',
    3600,
  ).then(() => (drained = true));
  const during = await beside(() => drained);
  await drain;
  const took_s = (performance.now() - began) / 1000;
  arriving = false;
  await arrivals;
  const arrived = posted.length - postedAtBegin;
  const rate = (begunWith + arrived) / took_s;
  console.log(
    `drained ${begunWith} in ${took_s.toFixed(1)} s with ${arrived} more arriving: ` +
      `${Math.round(rate)}/s, ${(rate / perSecond).toFixed(1)} x the rate of arrival (goal 5); ` +
      `${((cpuOf(relay.pid) - cpu) / (begunWith + arrived)).toFixed(1)} us of CPU each`,
  );
  console.log(`the others, meanwhile: ${during.text}`);
  console.log(`their p99, drain to baseline: ${(during.p99 / baseline.p99).toFixed(2)} (goal 2)`);

  await until(async () => (await relay.waiting()) === 0, 'the rest', 120);
  for (const id of posted) assert.ok(lrs.arrivals.has(id), `${id} did not arrive`);
  assert.equal(lrs.repeats, 0, 'arrived twice');
  console.log(`all ${posted.length} arrived once; peak memory ${residentMiB(relay.pid)} MiB`);
} finally {
  arriving = false;
  await relay.stop();
  lrs.close();
  rmSync(folder, { recursive: true });
}
