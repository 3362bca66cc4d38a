import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brotliCompressSync, constants } from 'node:zlib';

import { module_bytes } from './module.mjs';

const download_bytes_max = 48 * 1024;

test('waypost.wasm is at most 48 KiB as a browser gets it', async () => {
  const compressed = brotliCompressSync(await module_bytes(), {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11 },
  });
  assert.ok(compressed.length <= download_bytes_max, `${compressed.length} bytes`);
});
