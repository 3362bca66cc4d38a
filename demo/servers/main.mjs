// What ./demo/run and ./demo/relay do once everything is built.
import { createInterface } from 'node:readline';
import { resolve } from 'node:path';

import { listen_for_commands, send_command } from './control.mjs';
import { ports_from, require_free } from './ports.mjs';
import { Stack } from './stack.mjs';

const [command, argument = ''] = process.argv.slice(2);

async function run() {
  const ports = ports_from(process.env);
  await require_free(ports);
  const stack = new Stack({ folder: resolve('build/demo'), ports });

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
    await listen_for_commands((line) => relay_command(stack, line));
  } catch (error) {
    return stop_once(/** @type {Error} */ (error).message);
  }
  console.log(`
Waypost's demo is running.

  The course:           ${stack.course_url}
  Statements arriving:  ${stack.statements_url}

${process.stdin.isTTY ? 'r and Enter stops the relay, and starts it again. ' : ''}From another terminal: ./demo/relay stop|start|status
Ctrl-C stops everything. Logs and what was recorded: build/demo.
`);
  if (process.stdin.isTTY) toggle_relay_on_key(stack);
}

/** @param {Stack} stack */
function toggle_relay_on_key(stack) {
  createInterface({ input: process.stdin }).on('line', (line) => {
    if (line.trim() !== 'r')
      return console.log('r: stop or start the relay · Ctrl-C: stop everything');
    relay_command(stack, stack.relay.running ? 'stop' : 'start').then(console.log, console.error);
  });
}

/** @param {Stack} stack @param {string} line */
async function relay_command(stack, line) {
  if (line === 'stop') await stack.relay.stop();
  else if (line === 'start') await stack.relay.start();
  else if (line !== 'status') return 'Usage: ./demo/relay stop|start|status';
  return stack.relay.running
    ? 'The relay is running.'
    : 'The relay is stopped; the course keeps what the learner does in the browser.';
}

const commands = {
  run,
  'check-ports': () => require_free(ports_from(process.env)),
  relay: async () => console.log(await send_command(argument)),
};

try {
  await commands[/** @type {keyof typeof commands} */ (command)]();
} catch (error) {
  console.error(`\n${/** @type {Error} */ (error).message}`);
  process.exitCode = 1;
}
