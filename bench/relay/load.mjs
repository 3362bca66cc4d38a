// What a bench puts around the relay: an LRS that costs next to nothing, and wrk.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));

export const connections = 64;

/** Answers 204 to everything. @param {string} folder @param {number} port */
export function startNginx(folder, port) {
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
 * @param {string} origin @param {number} seconds
 */
export function runWrk(port, path, door, batch, origin, seconds) {
  return new Promise((done, fail) => {
    const wrk = spawn(
      'wrk',
      [
        '-t1',
        `-c${connections}`,
        `-d${seconds}s`,
        '--latency',
        '-s',
        join(here, 'load.lua'),
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
export function readWrk(output) {
  const number = (/** @type {RegExp} */ pattern) => pattern.exec(output)?.[1] ?? '?';
  return {
    requests: Number(number(/(\d+) requests in/)),
    p50: number(/ 50%\s+(\d\S+)/),
    p99: number(/ 99%\s+(\d\S+)/),
    failed: Number(/Non-2xx or 3xx responses: (\d+)/.exec(output)?.[1] ?? 0),
  };
}
