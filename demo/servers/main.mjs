// What ./demo/run and ./demo/relay do once everything is built.
import { createInterface } from 'node:readline';
import { join, resolve } from 'node:path';

import { listen_for_commands, send_command } from './control.mjs';
import { ports_from, require_free } from './ports.mjs';
import { Stack } from './stack.mjs';

const [command, argument = ''] = process.argv.slice(2);
// Two demos at once need other ports and another folder.
const folder = process.env.WAYPOST_DEMO_FOLDER ?? 'build/demo';
const control_socket = join(folder, 'control');

async function run() {
  const ports = ports_from(process.env);
  await require_free(ports);
  const stack = new Stack({ folder: resolve(folder), ports });

  /** @param {string} problem a sentence, or empty when someone asked us to stop */
  async function stop_all(problem) {
    if (problem) console.error(`\n${problem}\n`);
    await stack.stop();
    console.log(problem ? 'Everything is stopped.' : '\nStopped. What was recorded stays here.');
    process.exit(problem ? 1 : 0);
  }
  let stopping = false;
  const stop_once = (/** @type {string} */ problem) => {
    if (stopping) return;
    stopping = true;
    void stop_all(problem);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop_once(''));
  for (const each of stack.processes) {
    each.on_death = () => stop_once(`${each.name} ended by itself. ${each.tail()}`);
  }

  try {
    await stack.start();
    await listen_for_commands(control_socket, (line) => relay_command(stack, line));
  } catch (error) {
    return stop_once(/** @type {Error} */ (error).message);
  }
  announce(stack);
  if (process.stdin.isTTY) toggle_relay_on_key(stack);
}

/** @param {Stack} stack */
function announce({ course_url, statements_url }) {
  const key = process.stdin.isTTY
    ? 'r and Enter stops the relay, and starts it again; from'
    : 'From';
  console.log(`
Waypost's demo is running.

  The course:           ${course_url}
  Statements arriving:  ${statements_url}

${key} another terminal: ./demo/relay stop|start|status
Ctrl-C stops everything. Logs and what was recorded: ${folder}
`);
}

/** @param {Stack} stack */
function toggle_relay_on_key(stack) {
  createInterface({ input: process.stdin }).on('line', (line) => {
    if (line.trim() === 'r') {
      const command = stack.relay.running ? 'stop' : 'start';
      relay_command(stack, command).then(console.log, console.error);
    } else {
      console.log('r: stop or start the relay · Ctrl-C: stop everything');
    }
  });
}

/** @param {Stack} stack @param {string} line */
async function relay_command(stack, line) {
  if (line === 'stop') await stack.relay.stop();
  else if (line === 'start') await stack.relay.start();
  return stack.relay.running
    ? 'The relay is running.'
    : 'The relay is stopped; the course keeps what the learner does in the browser.';
}

const commands = {
  run,
  'check-ports': () => require_free(ports_from(process.env)),
  relay: async () => {
    if (!['stop', 'start', 'status'].includes(argument)) {
      throw new Error('Usage: ./demo/relay stop|start|status');
    }
    console.log(await send_command(control_socket, argument));
  },
};

try {
  await commands[/** @type {keyof typeof commands} */ (command)]();
} catch (error) {
  console.error(`\n${/** @type {Error} */ (error).message}`);
  process.exitCode = 1;
}
