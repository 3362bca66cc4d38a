// The shipped module, loaded as a page loads it.
import { readFile } from 'node:fs/promises';

import { loadCore } from '../../js/core.js';

export const module_path = new URL('../../build/wasm/wasm/waypost.wasm', import.meta.url);

export const module_bytes = () => readFile(module_path);

export const load = async () => loadCore(await module_bytes());
