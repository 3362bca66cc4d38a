// What a browser downloads: the tracker folder's files, gzip 9 and brotli 11.
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const here = dirname(fileURLToPath(import.meta.url));
const folder = resolve(process.argv[2] ?? join(here, '../build/tracker'));
const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };

console.log('bytes: raw, gzip, brotli');
for (const name of readdirSync(folder).filter((file) => /\.(js|wasm)$/.test(file))) {
  const bytes = readFileSync(join(folder, name));
  const gzip = gzipSync(bytes, { level: 9 }).length;
  console.log(`${name}: ${bytes.length}, ${gzip}, ${brotliCompressSync(bytes, brotli).length}`);
}
