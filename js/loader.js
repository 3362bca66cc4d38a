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
// the document knows, but module/connect.js has noted its address.
const { currentScript } = document;
const base =
  currentScript instanceof HTMLScriptElement
    ? currentScript.src
    : (window.waypost.script ?? document.baseURI);

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

/**
 * @param {Early} early
 * @param {number} attempt
 */
async function load(early, attempt) {
  const wasm = fetch(asset_url(__WAYPOST_WASM_FILE__), {
    integrity: __WAYPOST_WASM_INTEGRITY__,
    signal: AbortSignal.timeout(wasm_timeout_ms),
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
 * @param {Early} early
 * @param {number} attempt
 */
function load_until_it_works(early, attempt) {
  load(early, attempt).catch((/** @type {unknown} */ error) => {
    const delay_max_ms = Math.min(retry_delay_max_ms, retry_delay_base_ms * 2 ** attempt);
    console.error('waypost: the tracker has not loaded.', error);
    setTimeout(load_until_it_works, Math.random() * delay_max_ms, early, attempt + 1);
  });
}

if (!window.waypost.loading) {
  window.waypost.loading = true;
  load_until_it_works(capture_early(window.waypost.q, open_journal(settings.organisation)), 0);
}
