// What the core costs a page: see "The core in a page" in bench/README.md for the method.
import { readFile } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { brotliCompressSync, constants } from 'node:zlib';

import { loadCore } from '../js/core.js';

const rounds = 400;
const calls_a_round = 100;
const mark_us = 30;

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

function median_us(call) {
  const times_us = [];
  for (let round = 0; round < rounds; ++round) {
    const began_ms = performance.now();
    for (let i = 0; i < calls_a_round; ++i) call();
    times_us.push(((performance.now() - began_ms) * 1000) / calls_a_round);
  }
  return times_us.sort((left, right) => left - right)[rounds / 2];
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
  `Median of ${rounds} rounds of ${calls_a_round} calls each, wall time, Node ${process.version};`,
);
console.log('a JS string goes in and a JS string comes out. Microseconds a call:');
console.log(
  `  complete and validate, ${completed_bytes} bytes: ` +
    `${median_us(() => core.complete(event, context)).toFixed(1)} (mark: ${mark_us})`,
);
console.log(
  `  complete and validate, a short event of ${short_event.length} bytes: ` +
    median_us(() => core.complete(short_event, context)).toFixed(1),
);
console.log(
  `  validate alone, ${completed_bytes} bytes: ` +
    median_us(() => core.validate(completed.statement, rules)).toFixed(1),
);
console.log(`  for comparison, JSON.parse alone: ${median_us(() => JSON.parse(event)).toFixed(1)}`);
const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
console.log(
  `waypost.wasm: ${bytes.length} bytes, ${brotliCompressSync(bytes, brotli).length} as brotli 11`,
);
