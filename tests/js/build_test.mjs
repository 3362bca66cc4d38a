// What a page downloads has a budget.
import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';

import { build_tracker } from '../../js/build.mjs';
import { wasm_file } from '../browser/support/tracker_files.mjs';

const kib = 1024;

test('loader and tracker take at most 12 KiB gzip', async (t) => {
  const { folder, tracker_name } = await build(t);
  const loader = gzipSync(await readFile(join(folder, 'loader.js'))).length;
  const tracker = (await stat(join(folder, `${tracker_name}.gz`))).size;
  t.diagnostic(`loader ${loader}, tracker ${tracker} bytes gzip`);
  assert.ok(loader + tracker <= 12 * kib);
});

test('the core takes at most 48 KiB brotli', async (t) => {
  const { folder, wasm_name } = await build(t);
  const wasm = (await stat(join(folder, `${wasm_name}.br`))).size;
  t.diagnostic(`core ${wasm} bytes brotli`);
  assert.ok(wasm <= 48 * kib);
});

test('the manifest lists what there is, and a second build leaves nothing of the first', async (t) => {
  const { folder } = await build(t);
  await build_tracker(folder, wasm_file);
  const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'));
  const names = Object.keys(manifest.files);
  const expected = [
    'manifest.json',
    manifest.loader,
    ...names.flatMap((name) => [name, `${name}.br`, `${name}.gz`]),
  ];
  assert.deepEqual((await readdir(folder)).sort(), expected.sort());
});

async function build(t) {
  const folder = await mkdtemp(join(tmpdir(), 'waypost-build-'));
  t.after(() => rm(folder, { recursive: true }));
  return { folder, ...(await build_tracker(folder, wasm_file)) };
}
