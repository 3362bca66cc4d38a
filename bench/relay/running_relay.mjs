// A relay under load: started, measured, stopped.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const relayProgram = resolve(here, '../../build/release/proxy/waypost-relay');
const trackerFolder = process.env.BENCH_TRACKER ?? resolve(here, '../../build/tracker');
const clockTicksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
const origin = 'http://bench.example.org';

/** @returns {Promise<number>} a port that is free now */
export function freePort() {
  return new Promise((done, fail) => {
    const server = createServer();
    server.once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') return fail(new Error('no port'));
      server.close(() => done(address.port));
    });
  });
}

/** User plus system time of a process, in microseconds. @param {number} pid */
export function cpuOf(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) / clockTicksPerSecond) * 1e6;
}

/** The most memory it has had. @param {number} pid */
export function residentMiB(pid) {
  const line = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return line ? Math.round(Number(line[1]) / 1024) : NaN;
}

/** @param {() => Promise<boolean>} condition @param {string} what @param {number} timeout_s */
export async function until(condition, what, timeout_s) {
  const end = Date.now() + timeout_s * 1000;
  while (!(await condition().catch(() => false))) {
    if (Date.now() > end) throw new Error(`gave up waiting for ${what}`);
    await pause(50);
  }
}

/** @param {string} metrics @param {RegExp} name */
function sumOf(metrics, name) {
  let sum = 0;
  for (const line of metrics.split('\n')) {
    if (name.test(line)) sum += Number(line.slice(line.lastIndexOf(' ') + 1));
  }
  return sum;
}

/** @param {string} folder @param {{ name: string, url: string }} organisation */
const organisationText = (folder, { name, url }) => `[[organisation]]
name = "${name}"
origins = ["${origin}"]
[[organisation.destination]]
url = "${url}"
api_key = "bench"
api_secret_file = "${folder}/secret"
update_interval_s = 1
`;

/** @param {string} folder @param {{ name: string, url: string }[]} organisations */
export async function startRelay(folder, organisations) {
  for (const built of [relayProgram, trackerFolder]) {
    if (!existsSync(built))
      throw new Error(`${built} is missing: ./tests/run relay wasm builds it`);
  }
  const [publicPort, privatePort] = [await freePort(), await freePort()];
  writeFileSync(join(folder, 'secret'), 'bench-secret\n', { mode: 0o600 });
  writeFileSync(
    join(folder, 'relay.toml'),
    `[listen]
public = "127.0.0.1:${publicPort}"
private = "127.0.0.1:${privatePort}"
[store]
folder = "${folder}/store"
[tracker]
folder = "${trackerFolder}"
${organisations.map((one) => organisationText(folder, one)).join('')}`,
  );
  const child = spawn(relayProgram, ['serve', '--config', join(folder, 'relay.toml')], {
    stdio: ['ignore', 'inherit', process.env.BENCH_VERBOSE ? 'inherit' : 'ignore'],
  });
  const ended = new Promise((done) => child.once('exit', done));
  const own = `http://127.0.0.1:${privatePort}`;
  const metrics = async () => (await fetch(`${own}/metrics`)).text();
  await Promise.race([
    until(async () => (await fetch(`${own}/readyz`)).ok, 'the relay', 20),
    ended.then(() => Promise.reject(new Error('the relay ended: BENCH_VERBOSE=1 shows why'))),
  ]);
  return {
    origin,
    url: `http://127.0.0.1:${publicPort}`,
    port: publicPort,
    pid: /** @type {number} */ (child.pid),
    waiting: async () => sumOf(await metrics(), /^waypost_queue_statements/),
    accepted: async () => sumOf(await metrics(), /^waypost_ledger_statements\{.*term="accepted"/),
    stop() {
      child.kill('SIGTERM');
      return ended;
    },
    kill() {
      child.kill('SIGKILL');
      return ended;
    },
  };
}
