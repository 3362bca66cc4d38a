// What a long outage of the LRS costs: a million statements waiting. The method is in README.md
// beside this file.
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readWrk, runWrk, startNginx } from './relay/load.mjs';
import { cpuOf, freePort, residentMiB, startRelay, until } from './relay/running_relay.mjs';

const target = Number(process.env.BENCH_WAITING ?? 1_000_000);
const seconds = Number(process.env.BENCH_SECONDS ?? 8);
const batch = 50;
const fileBytesOfStatement = 4096; // at most; twice as many may come as are asked for

/** @typedef {Awaited<ReturnType<typeof startRelay>>} Relay */

/** Offers batches for a while. @param {Relay} relay @param {number} duration_s */
async function load(relay, duration_s) {
  const [cpu, accepted] = [cpuOf(relay.pid), await relay.accepted()];
  const path = '/waypost/post';
  const { p99, failed } = readWrk(
    await runWrk(relay.port, path, 'post', batch, relay.origin, duration_s),
  );
  const statements = (await relay.accepted()) - accepted;
  return {
    per_second: statements / duration_s,
    cpu_us: (cpuOf(relay.pid) - cpu) / statements,
    text: `ack p99 ${p99}, ${failed} refused`,
  };
}

/**
 * Uses as much of the machine's memory for a file as the queue's will need. A virtual machine gets
 * each page from its host at the first use, which costs more than all that the relay does with it.
 * @param {string} folder
 */
function use_memory(folder) {
  const file = join(folder, 'used');
  const piece = Buffer.alloc(16 * 1024 * 1024);
  const descriptor = openSync(file, 'w');
  for (let bytes = 0; bytes < target * fileBytesOfStatement; bytes += piece.length) {
    writeSync(descriptor, piece);
  }
  closeSync(descriptor);
  rmSync(file);
}

/** @param {string} what @param {{per_second: number, cpu_us: number, text: string}} result */
const tell = (what, { per_second, cpu_us, text }) =>
  console.log(
    `${what}: ${Math.round(per_second)} statements/s, ${cpu_us.toFixed(1)} us of CPU each, ${text}`,
  );

const folder = mkdtempSync(join(process.env.BENCH_FOLDER ?? tmpdir(), 'waypost-backlog-'));
use_memory(folder);
const lrsPort = await freePort();
const schools = [{ name: 'bench', url: `http://127.0.0.1:${lrsPort}/lrs/` }];
let relay = await startRelay(folder, schools);
/** @type {import('node:child_process').ChildProcess | undefined} */
let nginx;
try {
  const empty = await load(relay, seconds);
  tell('store empty, LRS down', empty);
  while ((await relay.waiting()) < target) await load(relay, seconds);
  const full = await load(relay, seconds);
  tell(`${await relay.waiting()} waiting, LRS down`, full);
  console.log(
    `empty to full: CPU a statement ${(full.cpu_us / empty.cpu_us).toFixed(2)}, ` +
      `throughput ${(full.per_second / empty.per_second).toFixed(2)}`,
  );
  console.log(`peak memory ${residentMiB(relay.pid)} MiB`);

  await relay.kill();
  const before = performance.now();
  relay = await startRelay(folder, schools);
  console.log(`ready ${Math.round(performance.now() - before)} ms after kill -9`);

  nginx = startNginx(folder, lrsPort);
  const waiting = await relay.waiting();
  const cpu = cpuOf(relay.pid);
  await until(async () => (await relay.waiting()) < waiting, 'the first delivery', 600);
  const began = performance.now();
  await until(async () => (await relay.waiting()) === 0, 'the queue to drain', 1800);
  const drained_s = (performance.now() - began) / 1000;
  console.log(
    `drained ${waiting} in ${drained_s.toFixed(1)} s: ${Math.round(waiting / drained_s)}/s, ` +
      `${((cpuOf(relay.pid) - cpu) / waiting).toFixed(1)} us of CPU each; ` +
      `peak memory since the start ${residentMiB(relay.pid)} MiB`,
  );
} finally {
  await relay.stop();
  nginx?.kill('SIGTERM');
  rmSync(folder, { recursive: true });
}
