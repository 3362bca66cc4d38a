// How the relay's CPU for a statement grows with the queue, with organisations and with batches, so
// that a cost that is not in proportion is seen. The method is in README.md beside this file.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readWrk, runWrk, startNginx } from './relay/load.mjs';
import { cpuOf, freePort, residentMiB, startRelay, until } from './relay/running_relay.mjs';

const seconds = Number(process.env.BENCH_SECONDS ?? 5);
const sizes = (/** @type {string} */ name, /** @type {string} */ usual) =>
  (process.env[name] ?? usual).split(',').map(Number);

const waitings = sizes('BENCH_WAITING', '0,10000,100000,300000');
const organisations = sizes('BENCH_ORGANISATIONS', '1,10,100,500');
const postBatches = sizes('BENCH_POST_BATCHES', '1,10,50,100');
const xapiBatches = sizes('BENCH_XAPI_BATCHES', '1,10,100,1000');
const usualBatch = 50;

/** @typedef {Awaited<ReturnType<typeof startRelay>>} Relay */

/**
 * A relay of its own, with an LRS that is well or nobody's.
 * @param {number} count of organisations @param {boolean} isWell
 * @param {(relay: Relay, names: string[]) => Promise<void>} measure
 */
async function withRelay(count, isWell, measure) {
  const folder = mkdtempSync(join(process.env.BENCH_FOLDER ?? tmpdir(), 'waypost-curves-'));
  const port = await freePort();
  const nginx = isWell ? startNginx(folder, port) : null;
  const nginxEnded = nginx && new Promise((done) => nginx.once('exit', done));
  const names = Array.from({ length: count }, (_, n) => `school-${n}`);
  const relay = await startRelay(
    folder,
    names.map((name) => ({ name, url: `http://127.0.0.1:${port}/${name}/` })),
  );
  try {
    await measure(relay, names);
  } finally {
    await relay.stop();
    nginx?.kill('SIGTERM');
    await nginxEnded;
    rmSync(folder, { recursive: true });
  }
}

/**
 * Loads each of the doors in turn, and waits for what is delivered.
 * @param {Relay} relay @param {string[]} paths @param {'post' | 'xapi'} door @param {number} batch
 * @param {boolean} drains
 */
async function load(relay, paths, door, batch, drains) {
  const [cpu, accepted] = [cpuOf(relay.pid), await relay.accepted()];
  let text = '';
  const each_s = Math.max(1, Math.round(seconds / paths.length));
  for (const path of paths) {
    const { p99, failed } = readWrk(
      await runWrk(relay.port, path, door, batch, relay.origin, each_s),
    );
    text = `ack p99 ${p99}, ${failed} refused`;
  }
  if (drains) await until(async () => (await relay.waiting()) === 0, 'the queue to drain', 600);
  const statements = (await relay.accepted()) - accepted;
  return { cpu_us: (cpuOf(relay.pid) - cpu) / statements, statements, text };
}

/** @param {string} what @param {{cpu_us: number, statements: number, text: string}} result */
const tell = (what, { cpu_us, statements, text }) =>
  console.log(
    `${what.padStart(24)} | ${cpu_us.toFixed(1).padStart(7)} us | ${statements} statements, ${text}`,
  );

console.log(`The queue: batches of ${usualBatch}, the LRS down`);
await withRelay(1, false, async (relay) => {
  for (const waiting of waitings) {
    while ((await relay.waiting()) < waiting) {
      await load(relay, ['/waypost/post'], 'post', usualBatch, false);
    }
    const before = await relay.waiting();
    tell(`${before} waiting`, await load(relay, ['/waypost/post'], 'post', usualBatch, false));
  }
  console.log(`peak memory ${residentMiB(relay.pid)} MiB`);
});

console.log(`\nOrganisations: batches of ${usualBatch}, delivered; ten of them have the load`);
for (const count of organisations) {
  await withRelay(count, true, async (relay, names) => {
    const loaded = names.slice(0, 10).map((name) => `/waypost/o/${name}/post`);
    tell(`${count} organisations`, await load(relay, loaded, 'post', usualBatch, true));
  });
}

console.log('\nBatches, delivered');
for (const [door, path, batches] of /** @type {const} */ ([
  ['post', '/waypost/post', postBatches],
  ['xapi', '/waypost/xapi/statements', xapiBatches],
])) {
  await withRelay(1, true, async (relay) => {
    for (const batch of batches) {
      tell(`${door} x${batch}`, await load(relay, [path], door, batch, true));
    }
  });
}
