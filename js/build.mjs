// @ts-check
// Builds the files that the relay serves to pages:
//
//   node js/build.mjs OUT [WASM]
//
// OUT/loader.js is served as waypost.js, with the text __WAYPOST_SETTINGS__ replaced by the
// organisation's public settings as JSON. The others are immutable by name: the tracker, its core,
// and what is fetched only where the core does not run. Each has a .br and a .gz beside it, except
// the loader, which is only whole once it is served. OUT/manifest.json lists them.
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { argv, exit } from 'node:process';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

import { build } from 'esbuild';
import { minify } from 'terser';

const settings_placeholder = '__WAYPOST_SETTINGS__';
const root = fileURLToPath(new URL('..', import.meta.url));

/** @param {string | Uint8Array} content */
const hash_of = (content) => createHash('sha256').update(content);

// Names of properties with an underscore are our own, never the browser's, and become short, save
// those that others read: the relay, a database, a statement, the core, another file's exports.
const read_by_others = new RegExp(
  '^(' +
    [
      'captured_ms|next_at_ms|buried_ms|until_ms|mbox_sha1sum',
      'sent_ms|offset_ms|server_ms|interval_ms|retry_after_ms',
      'self_declared_home_page|xapi_version',
      'waypost_.*|wasi_.*|fd_.*|proc_exit|emscripten_.*|_initialize',
      'create_lease_turn|open_panel',
    ].join('|') +
    ')$',
);

/**
 * @param {string} entry
 * @param {import('esbuild').BuildOptions} options `mangleCache` is for all files of a build
 */
async function bundle(entry, options) {
  const result = await build({
    entryPoints: [join(root, 'js', entry)],
    bundle: true,
    charset: 'utf8',
    legalComments: 'none',
    target: 'es2022',
    loader: { '.css': 'text' },
    write: false,
    mangleProps: /_/,
    reserveProps: read_by_others,
    ...options,
  });
  Object.assign(options.mangleCache ?? {}, result.mangleCache);
  const [{ text }] = /** @type {import('esbuild').OutputFile[]} */ (result.outputFiles);
  // Its files are 5 % smaller than esbuild's own.
  const { code = '' } = await minify(text, {
    ecma: 2020,
    module: true,
    compress: { passes: 5, unsafe_arrows: true, unsafe_methods: true, keep_fargs: false },
  });
  return new TextEncoder().encode(code);
}

/** @param {string} folder @param {string} name @param {Uint8Array} content */
async function write_with_compressed(folder, name, content) {
  const quality = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
  await writeFile(join(folder, name), content);
  await writeFile(join(folder, `${name}.br`), brotliCompressSync(content, { params: quality }));
  await writeFile(join(folder, `${name}.gz`), gzipSync(content, { level: 9 }));
}

/** Only what an earlier build wrote. @param {string} folder */
async function clear(folder) {
  await mkdir(folder, { recursive: true });
  const ours =
    /^(loader\.js|manifest\.json|(panel|seldom|tracker|waypost)-[0-9a-f]{16}\.(js|wasm)(\.br|\.gz)?)$/;
  for (const name of await readdir(folder)) if (ours.test(name)) await rm(join(folder, name));
}

/**
 * @param {string} folder
 * @param {string} wasm_file
 */
export async function build_tracker(folder, wasm_file) {
  await clear(folder);
  const wasm = await readFile(wasm_file);
  const named = (
    /** @type {string} */ stem,
    /** @type {Uint8Array} */ content,
    /** @type {string} */ ext,
  ) => `${stem}-${hash_of(content).digest('hex').slice(0, 16)}.${ext}`;
  /** @type {Record<string, string | false>} */
  const mangleCache = {};
  const seldom = await bundle('seldom_needed_parts.js', { format: 'esm', mangleCache });
  const seldom_name = named('seldom', seldom, 'js');
  const tracker = await bundle('tracker.js', {
    format: 'esm',
    mangleCache,
    define: { __WAYPOST_SELDOM_NEEDED_FILE__: JSON.stringify(seldom_name) },
  });
  const tracker_name = named('tracker', tracker, 'js');
  const panel = await bundle('panel/panel.js', { format: 'esm', mangleCache });
  const panel_name = named('panel', panel, 'js');
  const wasm_name = named('waypost', wasm, 'wasm');
  const loader = await bundle('loader.js', {
    format: 'iife',
    mangleCache,
    define: {
      __WAYPOST_PANEL_FILE__: JSON.stringify(panel_name),
      __WAYPOST_TRACKER_FILE__: JSON.stringify(tracker_name),
      __WAYPOST_WASM_FILE__: JSON.stringify(wasm_name),
      __WAYPOST_WASM_INTEGRITY__: JSON.stringify(`sha256-${hash_of(wasm).digest('base64')}`),
    },
  });
  const loader_text = new TextDecoder().decode(loader);
  if (loader_text.split(settings_placeholder).length !== 2) {
    throw new Error(`The loader must hold ${settings_placeholder} exactly once.`);
  }
  await write_with_compressed(folder, seldom_name, seldom);
  await write_with_compressed(folder, tracker_name, tracker);
  await write_with_compressed(folder, wasm_name, wasm);
  await write_with_compressed(folder, panel_name, panel);
  await writeFile(join(folder, 'loader.js'), loader);
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const manifest = {
    version,
    loader: 'loader.js',
    files: {
      [tracker_name]: { type: 'text/javascript' },
      [seldom_name]: { type: 'text/javascript' },
      [wasm_name]: { type: 'application/wasm' },
      [panel_name]: { type: 'text/javascript' },
    },
  };
  await writeFile(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  return { tracker_name, wasm_name };
}

if (argv[1] !== undefined && fileURLToPath(import.meta.url) === argv[1]) {
  const [folder, wasm_file = join(root, 'build/wasm/wasm/waypost.wasm')] = argv.slice(2);
  if (folder === undefined) {
    console.error(`usage: node ${basename(argv[1])} OUT [WASM]`);
    exit(2);
  }
  await build_tracker(folder, wasm_file);
}
