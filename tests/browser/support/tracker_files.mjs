// The tracker as it ships, built once per test program.
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

import { build_tracker } from '../../../js/build.mjs';

export const wasm_file =
  process.env.WAYPOST_WASM ??
  fileURLToPath(new URL('../../../build/wasm/wasm/waypost.wasm', import.meta.url));

export const tracker_folder = mkdtempSync(join(tmpdir(), 'waypost-tracker-'));
process.on('exit', () => rmSync(tracker_folder, { recursive: true }));
await build_tracker(tracker_folder, wasm_file);

export const manifest = JSON.parse(await readFile(join(tracker_folder, 'manifest.json'), 'utf8'));

/** The loader as the relay serves it. */
export async function loader_text(settings) {
  const text = await readFile(join(tracker_folder, manifest.loader), 'utf8');
  return text.replace('__WAYPOST_SETTINGS__', () => JSON.stringify(settings));
}

/** A file that the manifest lists, or undefined. */
export async function asset(name) {
  if (!Object.hasOwn(manifest.files, name)) return undefined;
  return { type: manifest.files[name].type, content: await readFile(join(tracker_folder, name)) };
}
