// Relay CPU per statement and acknowledgement latency; the method is in README.md beside this file.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const relayProgram = resolve(here, '../build/release/proxy/waypost-relay');
const seconds = Number(process.env.BENCH_SECONDS ?? 10);
const connections = 64;
const origin = 'http://bench.example.org';
const clockTicksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** @returns {Promise<number>} a port that is free now */
function freePort() {
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
function cpuOf(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) / clockTicksPerSecond) * 1e6;
}

/** @param {number} pid */
function residentMiB(pid) {
  const line = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return line ? Math.round(Number(line[1]) / 1024) : NaN;
}

/** @param {() => Promise<boolean>} condition @param {string} what @param {number} timeout_s */
async function until(condition, what, timeout_s) {
  const end = Date.now() + timeout_s * 1000;
  while (!(await condition().catch(() => false))) {
    if (Date.now() > end) throw new Error(`gave up waiting for ${what}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}

/** @param {string} folder @param {number} port */
function startNginx(folder, port) {
  const file = join(folder, 'nginx.conf');
  writeFileSync(
    file,
    `worker_processes 1; daemon off; pid ${folder}/nginx.pid; error_log ${folder}/nginx.log;
events { worker_connections 1024; }
http {
  access_log off; keepalive_requests 1000000000; client_max_body_size 5m;
  client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi; uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
  server { listen 127.0.0.1:${port}; location / { return 204; } }
}
`,
  );
  return spawn('nginx', ['-c', file, '-p', folder], { stdio: 'inherit' });
}

/**
 * @param {string} folder @param {number} publicPort
 * @param {number} privatePort @param {number} lrsPort
 */
function startRelay(folder, publicPort, privatePort, lrsPort) {
  writeFileSync(join(folder, 'secret'), 'bench-secret\n', { mode: 0o600 });
  writeFileSync(
    join(folder, 'relay.toml'),
    `[listen]
public = "127.0.0.1:${publicPort}"
private = "127.0.0.1:${privatePort}"
[store]
folder = "${folder}/store"
[tracker]
folder = "${process.env.BENCH_TRACKER ?? resolve(here, '../build/tracker')}"
[[organisation]]
name = "bench"
origins = ["${origin}"]
[[organisation.destination]]
url = "http://127.0.0.1:${lrsPort}/lrs/"
api_key = "bench"
api_secret_file = "${folder}/secret"
update_interval_s = 1
`,
  );
  return spawn(relayProgram, ['serve', '--config', join(folder, 'relay.toml')], {
    stdio: ['ignore', 'inherit', process.env.BENCH_VERBOSE ? 'inherit' : 'ignore'],
  });
}

/** @param {string} metrics @param {RegExp} name */
function sumOf(metrics, name) {
  let sum = 0;
  for (const line of metrics.split('\n')) {
    if (name.test(line)) sum += Number(line.slice(line.lastIndexOf(' ') + 1));
  }
  return sum;
}

/** @param {number} port @param {string} path @param {string} door @param {number} batch */
function runWrk(port, path, door, batch) {
  return new Promise((done, fail) => {
    const wrk = spawn(
      'wrk',
      [
        '-t1',
        `-c${connections}`,
        `-d${seconds}s`,
        '--latency',
        '-s',
        join(here, 'relay/load.lua'),
        `http://127.0.0.1:${port}/`,
      ],
      {
        env: {
          ...process.env,
          BENCH_DOOR: door,
          BENCH_BATCH: String(batch),
          BENCH_PATH: path,
          BENCH_ORIGIN: origin,
        },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    let output = '';
    wrk.stdout.on('data', (text) => (output += text));
    wrk.once('error', fail);
    wrk.once('close', (code) => (code === 0 ? done(output) : fail(new Error(output))));
  });
}

/** @param {string} output */
function readWrk(output) {
  const number = (/** @type {RegExp} */ pattern) => pattern.exec(output)?.[1] ?? '?';
  return {
    requests: Number(number(/(\d+) requests in/)),
    p50: number(/50%\s+(\S+)/),
    p99: number(/99%\s+(\S+)/),
    failed: Number(/Non-2xx or 3xx responses: (\d+)/.exec(output)?.[1] ?? 0),
  };
}

if (!existsSync(relayProgram)) {
  console.error('Build the release preset first: ./tests/run tidy does the set-up.');
  process.exit(2);
}
const folder = mkdtempSync(join(process.env.BENCH_FOLDER ?? tmpdir(), 'waypost-bench-'));
const [nginxPort, publicPort, privatePort] = [await freePort(), await freePort(), await freePort()];
const nginx = startNginx(folder, nginxPort);
const relay = startRelay(folder, publicPort, privatePort, nginxPort);
const relayPid = /** @type {number} */ (relay.pid);
const metrics = async () => (await fetch(`http://127.0.0.1:${privatePort}/metrics`)).text();
const waiting = async () => sumOf(await metrics(), /^waypost_queue_statements/);
const accepted = async () =>
  sumOf(await metrics(), /^waypost_ledger_statements\{.*term="accepted"/);
try {
  await until(
    async () => (await fetch(`http://127.0.0.1:${privatePort}/readyz`)).ok,
    'the relay',
    20,
  );
  const worker = Number(
    execFileSync('pgrep', ['-P', String(nginx.pid)], { encoding: 'utf8' })
      .trim()
      .split('\n')[0],
  );
  console.log(`${connections} connections, ${seconds} s each; CPU in microseconds`);
  for (const [door, path, batch] of /** @type {const} */ ([
    ['post', '/waypost/post', 1],
    ['post', '/waypost/post', 50],
    ['xapi', '/waypost/xapi/statements', 1],
    ['xapi', '/waypost/xapi/statements', 50],
  ])) {
    const nginxBefore = cpuOf(worker);
    const beside = readWrk(await runWrk(nginxPort, path, door, batch));
    const nginxCpu = (cpuOf(worker) - nginxBefore) / beside.requests;
    const [cpuBefore, acceptedBefore] = [cpuOf(relayPid), await accepted()];
    const load = readWrk(await runWrk(publicPort, path, door, batch));
    await until(async () => (await waiting()) === 0, 'the queue to drain', 600);
    const statements = (await accepted()) - acceptedBefore;
    const perStatement = (cpuOf(relayPid) - cpuBefore) / statements;
    console.log(
      `${door} x${batch}: relay ${perStatement.toFixed(1)} us/statement, ` +
        `${Math.round(statements / seconds)} statements/s offered, ack p50 ${load.p50} p99 ${load.p99}, ` +
        `${load.failed} refused; nginx 204 ${nginxCpu.toFixed(1)} us/request, ` +
        `ratio per request ${((perStatement * batch) / nginxCpu).toFixed(1)}`,
    );
  }
  console.log(`relay peak memory ${residentMiB(relayPid)} MiB`);
} finally {
  relay.kill('SIGTERM');
  nginx.kill('SIGTERM');
  await Promise.all(
    [relay, nginx].map(
      (child) =>
        new Promise((done) => (child.exitCode !== null ? done(0) : child.once('exit', done))),
    ),
  );
  rmSync(folder, { recursive: true });
}
