// What the tracker costs a page, beside others: see "The tracker in a page" in README.md.
//
//   node bench/tracker_bench.mjs [NAME...]
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

import { chromium } from 'playwright-core';

import { contenders as all, install } from './tracker/contenders.mjs';
import { pages_of } from './tracker/pages.mjs';
import { main_thread_of } from './tracker/main_thread.mjs';
import { BenchServer } from './tracker/server.mjs';

const named = process.argv.slice(2);
const contenders = all.filter(
  ({ name }) => named.length === 0 || name === 'nothing' || named.includes(name),
);
const answers = 1000;
const full_queue = 5000;
const pace_ms = 10;
const rounds = Number(process.env.BENCH_ROUNDS ?? 3);
const packages = process.env.BENCH_PACKAGES ?? join(tmpdir(), 'waypost-bench-packages');
const tracker_folder = fileURLToPath(new URL('../build/tracker', import.meta.url));
// What the page still does once all has arrived, such as forgetting it.
const settling_ms = 500;

/** @param {number[]} values @param {number} share from 0 to 1 */
const quantile = (values, share) =>
  [...values].sort((left, right) => left - right)[Math.floor((values.length - 1) * share)];

/** @param {number[]} values */
const median = (values) => quantile(values, 0.5);

/** @param {string[][]} rows the first is the head */
function print_table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  for (const [index, row] of rows.entries()) {
    console.log(`| ${row.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`);
    if (index === 0) console.log(`|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`);
  }
  console.log();
}

/** Functions that run in the page. */
const in_page = {
  ready: () => window.bench.ready(),
  ready_ms: async () => {
    const ready_ms = await window.bench_ready;
    performance.mark('bench-end');
    return ready_ms;
  },
  begin: () => void performance.mark('bench-begin'),
  end: () => void performance.mark('bench-end'),
  paced: ([count, pace]) =>
    new Promise((done) => {
      let index = 0;
      const timer = setInterval(() => {
        performance.mark('call');
        void window.bench.answer(index);
        performance.mark('called');
        index += 1;
        if (index < count) return;
        clearInterval(timer);
        done(undefined);
      }, pace);
    }),
  burst: ([count]) => {
    for (let index = 0; index < count; ++index) {
      performance.mark('call');
      void window.bench.answer(index);
      performance.mark('called');
    }
  },
  fill: async (count) => {
    for (let index = 0; index < count; index += 100) {
      const some = Array.from({ length: 100 }, (_, more) => window.bench.answer(index + more));
      await Promise.all(some);
    }
  },
};

const server = new BenchServer();
await server.listen();
if (!existsSync(join(packages, 'node_modules'))) install(packages);
const downloads = await pages_of(contenders, { packages, tracker_folder, server });
const browser = await chromium.launch({
  executablePath: process.env.WAYPOST_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});

/** A learner who was never here, on the contender's page. @param {string} name */
async function visit(name) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(server.address_of(name));
  await page.evaluate(in_page.ready);
  return { context, page };
}

/** @param {string} name @param {'paced' | 'burst'} mode */
async function work(name, mode) {
  const { context, page } = await visit(name);
  server.forget();
  let arrived = 0;
  const main_thread = await main_thread_of(browser, async () => {
    await page.evaluate(in_page.begin);
    await page.evaluate(in_page[mode], [answers, pace_ms]);
    if (name !== 'nothing') arrived = await server.received(answers);
    await page.waitForTimeout(settling_ms);
    await page.evaluate(in_page.end);
  });
  await context.close();
  return { ...main_thread, requests: server.requests, arrived };
}

/** @param {string} name */
async function load(name) {
  const context = await browser.newContext();
  const page = await context.newPage();
  let ready_ms = 0;
  const main_thread = await main_thread_of(browser, async () => {
    await page.goto(server.address_of(name));
    ready_ms = await page.evaluate(in_page.ready_ms);
  });
  await context.close();
  return { ...main_thread, ready_ms };
}

/** The tracker alone, with its queue full when the page opens. */
async function open_with_full_queue() {
  const { context, page } = await visit('waypost');
  server.refusal = 503;
  await page.evaluate(in_page.fill, full_queue);
  await page.close();
  server.refusal = null;
  server.forget();
  const later = await context.newPage();
  const main_thread = await main_thread_of(browser, async () => {
    await later.goto(server.address_of('waypost'));
    await server.received(full_queue);
    await later.waitForTimeout(settling_ms);
    await later.evaluate(in_page.end);
  });
  await context.close();
  return { ...main_thread, requests: server.requests };
}

/**
 * Round by round, so that what else the machine does hits all of them.
 * @template T
 * @param {(name: string) => Promise<T>} measure
 * @returns {Promise<Map<string, T[]>>}
 */
async function of_all(measure) {
  /** @type {Map<string, T[]>} */
  const found = new Map(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; ++round) {
    for (const { name } of contenders) found.get(name)?.push(await measure(name));
  }
  return found;
}

const ms = (/** @type {number} */ value) => value.toFixed(value < 10 ? 2 : 0);

/** @param {any[]} runs @param {string} member */
const middle = (runs, member) => median(runs.map((run) => run[member]));

/** @param {Map<string, any[]>} found @param {'paced' | 'burst'} mode */
function print_work(found, mode) {
  const baseline = middle(found.get('nothing') ?? [], 'cpu_ms');
  console.log(
    `${answers} answers, ${mode === 'paced' ? `one each ${pace_ms} ms` : 'in one loop'}:`,
  );
  const head = [
    '',
    'CPU ms',
    'longest task',
    'longest without a call',
    'a call: median',
    'p99',
    'requests',
    'arrived',
  ];
  const rows = [...found].map(([name, runs]) => {
    const calls = runs.flatMap((run) => run.calls_cpu_ms);
    return [
      name,
      ms(middle(runs, 'cpu_ms') - (name === 'nothing' ? 0 : baseline)),
      ms(middle(runs, 'longest_cpu_ms')),
      ms(middle(runs, 'longest_own_cpu_ms')),
      median(calls).toFixed(3),
      quantile(calls, 0.99).toFixed(3),
      String(middle(runs, 'requests')),
      String(middle(runs, 'arrived')),
    ];
  });
  print_table([head, ...rows]);
}

console.log(`Chromium ${browser.version()}, Node ${process.version}, medians of ${rounds} rounds.`);
console.log(
  'CPU milliseconds of the main thread, less those of a page without any of them ("nothing").\n',
);

console.log('Download, bytes, with the bench’s own calls:');
print_table([
  ['', 'gzip', 'brotli'],
  ...downloads.map(({ name, gzip, brotli }) => [name, String(gzip), String(brotli)]),
]);

const loads = await of_all(load);
const load_baseline = middle(loads.get('nothing') ?? [], 'cpu_ms');
console.log('From the script tag until it is ready, nothing cached:');
print_table([
  ['', 'wall ms', 'CPU ms', 'longest task'],
  ...[...loads].map(([name, runs]) => [
    name,
    ms(middle(runs, 'ready_ms')),
    ms(middle(runs, 'cpu_ms') - (name === 'nothing' ? 0 : load_baseline)),
    ms(middle(runs, 'longest_cpu_ms')),
  ]),
]);

print_work(await of_all((name) => work(name, 'paced')), 'paced');
print_work(await of_all((name) => work(name, 'burst')), 'burst');

const full = [];
for (let round = 0; round < rounds; ++round) full.push(await open_with_full_queue());
console.log(
  `A page that opens with ${full_queue} in the tracker's queue, until all are delivered:`,
);
print_table([
  ['', 'CPU ms', 'longest task', 'longest by wall', 'requests'],
  [
    'waypost',
    ms(middle(full, 'cpu_ms')),
    ms(middle(full, 'longest_cpu_ms')),
    ms(middle(full, 'longest_wall_ms')),
    String(middle(full, 'requests')),
  ],
]);

await browser.close();
server.close();
