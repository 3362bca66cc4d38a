// The page of each contender: its script tags, and what they load.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { scripts_of } from './contenders.mjs';
import { brotli, gzip } from './server.mjs';

/** @typedef {{name: string, content: Buffer}} File */

const stub_file = fileURLToPath(new URL('../../js/stub.js', import.meta.url));

/**
 * Gives the server all pages and files.
 * @param {typeof import('./contenders.mjs').contenders} contenders
 * @param {object} place
 * @param {string} place.packages folder of the others
 * @param {string} place.tracker_folder
 * @param {import('./server.mjs').BenchServer} place.server
 * @returns {Promise<{name: string, gzip: number, brotli: number}[]>} what each page downloads
 */
export async function pages_of(contenders, { packages, tracker_folder, server }) {
  const tracker = tracker_files(tracker_folder);
  const downloads = [];
  for (const contender of contenders) {
    const scripts = await scripts_of(contender, packages);
    const is_ours = contender.name === 'waypost';
    const tags = scripts.map(({ name }) => `<script src="/scripts/${name}"></script>`);
    server.add_page(contender.name, page([...(is_ours ? [tracker.tags] : []), ...tags].join('')));
    for (const { name, content } of scripts) {
      server.add(`/scripts/${name}`, 'text/javascript', content);
    }
    const loaded = [...scripts, ...(is_ours ? tracker.loaded : [])];
    downloads.push({
      name: contender.name,
      gzip: total(loaded, gzip),
      brotli: total(loaded, brotli),
    });
  }
  server.add('/waypost/waypost.js', 'text/javascript', tracker.loader);
  for (const { name, content, type } of tracker.assets) {
    server.add(`/waypost/assets/${name}`, type, content);
  }
  return downloads;
}

/** @param {File[]} files @param {(content: Buffer) => Buffer} compress */
const total = (files, compress) =>
  files.reduce((sum, { content }) => sum + compress(content).length, 0);

/** @param {string} tags */
const page = (tags) =>
  Buffer.from(`<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Quiz</title>
<script>performance.mark('bench-begin'); window.bench_began = performance.now();</script>${tags}
<script>window.bench_ready = bench.ready().then(() => performance.now() - bench_began);</script>
</head><body></body></html>`);

/** As the relay serves them. @param {string} folder */
function tracker_files(folder) {
  const read = (/** @type {string} */ name) => readFileSync(join(folder, name));
  const manifest = JSON.parse(read('manifest.json').toString());
  const settings = {
    prefix: '/waypost',
    organisation: 'bench',
    interval_ms: 5000,
    self_declared_home_page: 'https://example.org/waypost/self-declared',
    assets: '/waypost/assets/',
    xapi_version: '1.0.3',
  };
  const text = read(manifest.loader)
    .toString()
    .replace('__WAYPOST_SETTINGS__', () => JSON.stringify(settings));
  const loader = Buffer.from(text);
  const assets = Object.entries(manifest.files).map(([name, { type }]) => ({
    name,
    type,
    content: read(name),
  }));
  const stub = readFileSync(stub_file, 'utf8').trim().split('\n').at(-1);
  return {
    tags: `<script>${stub}</script><script async src="/waypost/waypost.js"></script>`,
    loader,
    assets,
    // The others come only where they are needed.
    loaded: [
      { name: 'waypost.js', content: loader },
      ...assets.filter(({ name }) => /^(tracker|waypost)-/.test(name)),
    ],
  };
}
