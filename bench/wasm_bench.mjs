// What the core costs a page: see "The core in a page" in bench/README.md for the method.
import { readFile } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { brotliCompressSync, constants } from 'node:zlib';

import { loadCore } from '../js/core.js';
import { validate } from '../js/core_validation.js';

const rounds = 2000;
const calls_a_round = 20;

const statement = {
  actor: {
    objectType: 'Agent',
    name: 'Ada Lovelace',
    account: { homePage: 'https://courses.example.org/waypost/self-declared', name: '5f0c3f7e' },
  },
  verb: {
    id: 'http://adlnet.gov/expapi/verbs/answered',
    display: { 'en-US': 'answered', de: 'beantwortete' },
  },
  object: {
    id: 'https://courses.example.org/first-aid/quiz/3',
    definition: {
      name: { en: 'Where do you put your hands for a chest compression?' },
      type: 'http://adlnet.gov/expapi/activities/cmi.interaction',
      interactionType: 'choice',
      choices: [
        { id: 'middle', description: { en: 'In the middle of the chest' } },
        { id: 'left', description: { en: 'Above the heart, on the left' } },
      ],
      correctResponsesPattern: ['middle'],
    },
  },
  result: { success: true, response: 'middle', score: { scaled: 1 }, duration: 'PT14.2S' },
  context: {
    registration: '6b2e0c5e-0f2b-4c58-9d6c-0c8a1c5d1f01',
    language: 'en',
    contextActivities: { parent: [{ id: 'https://courses.example.org/first-aid' }] },
  },
};

/**
 * @param {() => unknown} call
 * @returns {string} medians over the rounds
 */
function cost(call) {
  const wall_us = [];
  const cpu_us = [];
  for (let round = 0; round < rounds; ++round) {
    const cpu_before = process.cpuUsage();
    const began_ms = performance.now();
    for (let i = 0; i < calls_a_round; ++i) call();
    wall_us.push(((performance.now() - began_ms) * 1000) / calls_a_round);
    const { user, system } = process.cpuUsage(cpu_before);
    cpu_us.push((user + system) / calls_a_round);
  }
  const median = (values) => values.sort((left, right) => left - right)[rounds / 2].toFixed(1);
  return `${median(cpu_us)} CPU, ${median(wall_us)} wall`;
}

const path = new URL('../build/wasm/wasm/waypost.wasm', import.meta.url);
const bytes = await readFile(path);
const core = await loadCore(bytes);
const event = JSON.stringify(statement);
const short_event =
  '{"verb":"completed","object":"https://courses.example.org/first-aid","score":0.8}';
const rules = { version: /** @type {const} */ ('1.0.3'), unstamped: false };
const context = {
  ...rules,
  defaults: JSON.stringify({ actor: statement.actor }),
  id: Uint8Array.from({ length: 16 }, (_, index) => index),
  now_ms: 1_795_420_800_000,
};

const completed = core.complete(event, context);
if (!('statement' in completed)) throw new Error(JSON.stringify(completed));
const completed_bytes = Buffer.byteLength(completed.statement);

console.log(
  `Medians of ${rounds} rounds of ${calls_a_round} calls, Node ${process.version}; a JS string goes in`,
);
console.log(
  'and a JS string comes out. Microseconds a call, CPU time of the process and wall time:',
);
const lines = [
  [
    `complete and validate ${completed_bytes} bytes (mark: 30)`,
    () => core.complete(event, context),
  ],
  [`complete an event of ${short_event.length} bytes`, () => core.complete(short_event, context)],
  [`validate ${completed_bytes} bytes`, () => validate(core, completed.statement, rules)],
  ['for comparison, JSON.parse alone', () => JSON.parse(event)],
];
for (const [name, call] of lines) {
  cost(call); // lets the compilers finish
  console.log(`  ${name}: ${cost(call)}`);
}
const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
console.log(
  `waypost.wasm: ${bytes.length} bytes, ${brotliCompressSync(bytes, brotli).length} as brotli 11`,
);
