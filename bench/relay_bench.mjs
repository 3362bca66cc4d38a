// Relay CPU per statement and acknowledgement latency; the method is in README.md beside this file.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connections, readWrk, runWrk, startNginx } from './relay/load.mjs';
import { cpuOf, freePort, residentMiB, startRelay, until } from './relay/running_relay.mjs';

const seconds = Number(process.env.BENCH_SECONDS ?? 10);

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
    const beside = readWrk(await runWrk(nginxPort, path, door, batch, relay.origin, seconds));
    const nginxCpu = (cpuOf(worker) - nginxBefore) / beside.requests;
    const [cpuBefore, acceptedBefore] = [cpuOf(relay.pid), await relay.accepted()];
    const load = readWrk(await runWrk(relay.port, path, door, batch, relay.origin, seconds));
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
