// What the script tag loads: small, short-lived in caches, with the organisation's public settings
// in it. Fetches the tracker and its core side by side, both immutable by name.
import './stub.js';

const retry_delay_base_ms = 2000;
const retry_delay_max_ms = 60_000;

const settings = __WAYPOST_SETTINGS__;
// The script may come from another origin than the page.
const { currentScript } = document;
const base = currentScript instanceof HTMLScriptElement ? currentScript.src : document.baseURI;

/** @param {string} name */
const asset_url = (name) => new URL(settings.assets + name, base).href;

/** @param {number} attempt */
async function load(attempt) {
  const wasm = fetch(asset_url(__WAYPOST_WASM_FILE__), { integrity: __WAYPOST_WASM_INTEGRITY__ });
  // A module that failed to load may be remembered as failed under its address.
  const again = attempt === 0 ? '' : `?${attempt}`;
  const [tracker, response] = await Promise.all([
    import(asset_url(__WAYPOST_TRACKER_FILE__) + again),
    wasm,
  ]);
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}`);
  const post_url = new URL(`${settings.prefix}/post`, base).href;
  await tracker.start({ settings, post_url, wasm: response, calls: window.waypost.q });
}

/** @param {number} attempt */
function load_until_it_works(attempt) {
  load(attempt).catch((/** @type {unknown} */ error) => {
    const delay_max_ms = Math.min(retry_delay_max_ms, retry_delay_base_ms * 2 ** attempt);
    console.error('waypost: the tracker has not loaded.', error);
    setTimeout(load_until_it_works, Math.random() * delay_max_ms, attempt + 1);
  });
}

if (!window.waypost.loading) {
  window.waypost.loading = true;
  load_until_it_works(0);
}
