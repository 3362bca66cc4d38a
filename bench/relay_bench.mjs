// Relay CPU per statement and acknowledgement latency; the method is in README.md beside this file.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cpuOf, freePort, residentMiB, startRelay, until } from './relay/running_relay.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const seconds = Number(process.env.BENCH_SECONDS ?? 10);
const connections = 64;

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
 * @param {number} port @param {string} path @param {string} door @param {number} batch
 * @param {string} origin
 */
function runWrk(port, path, door, batch, origin) {
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
    p50: number(/ 50%\s+(\d\S+)/),
    p99: number(/ 99%\s+(\d\S+)/),
    failed: Number(/Non-2xx or 3xx responses: (\d+)/.exec(output)?.[1] ?? 0),
  };
}

const folder = mkdtempSync(join(process.env.BENCH_FOLDER ?? tmpdir(), 'waypost-bench-'));
const nginxPort = await freePort();
const nginx = startNginx(folder, nginxPort);
const nginxEnded = new Promise((done) => nginx.once('exit', done));
const relay = await startRelay(folder, [
  { name: 'bench', url: `http://127.0.0.1:${nginxPort}/lrs/` },
]);
try {
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
    const beside = readWrk(await runWrk(nginxPort, path, door, batch, relay.origin));
    const nginxCpu = (cpuOf(worker) - nginxBefore) / beside.requests;
    const [cpuBefore, acceptedBefore] = [cpuOf(relay.pid), await relay.accepted()];
    const load = readWrk(await runWrk(relay.port, path, door, batch, relay.origin));
    const left = await relay.waiting();
    await until(async () => (await relay.waiting()) === 0, 'the queue to drain', 600);
    const statements = (await relay.accepted()) - acceptedBefore;
    const perStatement = (cpuOf(relay.pid) - cpuBefore) / statements;
    console.log(
      `${door} x${batch}: relay ${perStatement.toFixed(1)} us/statement, ` +
        `${Math.round(statements / seconds)} statements/s offered, ack p50 ${load.p50} p99 ${load.p99}, ` +
        `${load.failed} refused, ${left} left to deliver; nginx 204 ${nginxCpu.toFixed(1)} us/request, ` +
        `ratio per request ${((perStatement * batch) / nginxCpu).toFixed(1)}`,
    );
  }
  console.log(`relay peak memory ${residentMiB(relay.pid)} MiB`);
} finally {
  await relay.stop();
  nginx.kill('SIGTERM');
  await nginxEnded;
  rmSync(folder, { recursive: true });
}
