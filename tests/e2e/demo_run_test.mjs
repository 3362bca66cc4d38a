// ./demo/run as a person uses it: it starts, it serves, and Ctrl-C leaves nothing behind.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { free_ports, test_folder } from './test_stack.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const run_file = promisify(execFile);

/** @param {import('node:test').TestContext} t */
async function place(t) {
  const ports = await free_ports();
  const folder = test_folder(t);
  const env = {
    ...process.env,
    WAYPOST_DEMO_FOLDER: folder,
    WAYPOST_COURSE_PORT: String(ports.course),
    WAYPOST_LRS_PORT: String(ports.lrs),
    WAYPOST_RELAY_PORT: String(ports.relay),
    WAYPOST_RELAY_PRIVATE_PORT: String(ports.relay_private),
  };
  return { ports, folder, env };
}

/** Resolves when the demo says that it runs. @param {import('node:test').TestContext} t */
async function running_demo(t) {
  const { ports, folder, env } = await place(t);
  const demo = spawn('./demo/run', { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  t.after(() => demo.kill('SIGKILL'));
  const ended = new Promise((done) => demo.once('exit', (code, signal) => done(code ?? signal)));
  let output = '';
  const ready = new Promise((done, failed) => {
    for (const stream of [demo.stdout, demo.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        output += `${line}\n`;
        if (line.includes('Ctrl-C')) done(undefined);
      });
    }
    void ended.then(() => failed(new Error(`the demo ended:\n${output}`)));
  });
  await ready;
  return { demo, ended, ports, folder, env, output: () => output };
}

/** Command lines of running processes that name the demo's folder. @param {string} folder */
function processes_of(folder) {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(command_line)
    .filter((line) => line.includes(folder));
}

/** @param {string} pid */
function command_line(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return ''; // it has ended since the folder was read
  }
}

test('it serves the course and the tracker, and Ctrl-C stops all of it', async (t) => {
  const { demo, ended, ports, folder, output } = await running_demo(t);
  const course = `http://127.0.0.1:${ports.course}/`;
  assert.match(output(), new RegExp(`The course: +${course}`));
  assert.match(output(), new RegExp(`Statements arriving: +http://127.0.0.1:${ports.lrs}/`));

  const page = await fetch(course);
  assert.equal(page.status, 200);
  assert.match(String(page.headers.get('content-security-policy')), /script-src 'self' 'wasm-/);
  assert.equal((await fetch(`${course}waypost/waypost.js`)).status, 200);
  assert.ok(processes_of(folder).length >= 3);

  demo.kill('SIGINT');
  assert.equal(await ended, 0);
  assert.deepEqual(processes_of(folder), []);
});

test('./demo/relay stops and starts only the relay', async (t) => {
  const { ports, env } = await running_demo(t);
  const relay = async (/** @type {string} */ command) =>
    (await run_file('./demo/relay', [command], { cwd: root, env })).stdout;
  const tracker = () => fetch(`http://127.0.0.1:${ports.course}/waypost/post`, { method: 'POST' });

  assert.match(await relay('status'), /running/);
  assert.match(await relay('stop'), /stopped/);
  assert.equal((await tracker()).status, 502);
  assert.match(await relay('start'), /running/);
  assert.notEqual((await tracker()).status, 502);
});

test('when one of its programs dies it says which, and stops the others', async (t) => {
  const { ended, folder, output } = await running_demo(t);
  const [, pid] = /** @type {string[]} */ (
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((name) => [command_line(name), name])
      .find(([line]) => line.includes(`${folder}/relay/relay.toml`))
  );
  process.kill(Number(pid), 'SIGKILL');
  assert.equal(await ended, 1);
  assert.match(output(), /The relay ended by itself/);
  assert.deepEqual(processes_of(folder), []);
});

test('a port in use is a sentence that says what to do', async (t) => {
  const { ports, env } = await place(t);
  const other = createServer();
  await new Promise((done) => other.listen(ports.course, '127.0.0.1', () => done(undefined)));
  t.after(() => other.close());
  const { code, stderr } = await run_file('./demo/run', { cwd: root, env }).catch((error) => error);
  assert.equal(code, 1);
  assert.match(stderr, new RegExp(`Port ${ports.course} is in use.*WAYPOST_COURSE_PORT=`));
});
