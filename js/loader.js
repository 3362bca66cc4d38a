// What the script tag loads: small, short-lived in caches, with the organisation's public settings
// in it. Fetches the tracker and its core side by side, both immutable by name.
import './stub.js';

import { capture_early } from './early_capture.js';
import { open_journal } from './journal.js';

/** @import {Early} from './early_capture.js' */

const retry_delay_base_ms = 2000;
const retry_delay_max_ms = 60_000;
const wasm_timeout_ms = 30_000;

const settings = __WAYPOST_SETTINGS__;
// The script may come from another origin than the page. Loaded as a module it is no script that
// the document knows, but who loaded it has noted its address.
const page = window.waypost;
const script = /** @type {HTMLScriptElement | null} */ (document.currentScript);
const base = script?.src ?? page.script ?? document.baseURI;
let attempt = page.attempt ?? 0;

let wants_panel = /[?&]waypost-debug\b/.test(location.search);

/** @param {string} name */
const asset_url = (name) => new URL(settings.assets + name, base).href;

async function open_panel() {
  wants_panel = false;
  try {
    const panel = await import(asset_url(__WAYPOST_PANEL_FILE__));
    await panel.open_panel(settings.organisation);
  } catch (error) {
    console.info('waypost: no panel.', error);
  }
}

/** @param {Early} early */
async function load(early) {
  const wasm = fetch(asset_url(__WAYPOST_WASM_FILE__), {
    integrity: __WAYPOST_WASM_INTEGRITY__,
    signal: AbortSignal.timeout?.(wasm_timeout_ms),
  });
  // The tracker hears of it, and does without its core.
  wasm.catch(() => {});
  // A module that failed to load may be remembered as failed under its address.
  const again = attempt === 0 ? '' : `?${attempt}`;
  const opening = wants_panel ? open_panel() : undefined;
  const tracker = await import(asset_url(__WAYPOST_TRACKER_FILE__) + again);
  await opening;
  const post_url = new URL(`${settings.prefix}/post`, base).href;
  await tracker.start({ settings, post_url, wasm, early });
}

/**
 * Leaves it to the loader of a later moment: this one may be a copy from before the relay was
 * updated, whose files are gone.
 * @param {unknown} error
 */
function load_later(error) {
  const delay_max_ms = Math.min(retry_delay_max_ms, retry_delay_base_ms * 2 ** attempt);
  console.error('waypost: no tracker.', error);
  attempt += 1;
  setTimeout(() => {
    Object.assign(page, { attempt, script: base, loading: false });
    import(`${base}?${attempt}`).catch(load_later);
  }, Math.random() * delay_max_ms);
}

if (!page.loading) {
  page.loading = true;
  load(capture_early(page.q, open_journal(settings.organisation))).catch(load_later);
}
