// The npm package: what the script tag does, for pages that are built with a bundler. The tracker
// itself comes from the relay, so it is always the one that the relay knows.

/** @import {Waypost} from './types.d.ts' */

/**
 * A call that waits for the tracker; js/call.js says the same.
 * @typedef {[string | undefined, any[], [(value: any) => void, (error: unknown) => void], number]}
 *   Call
 */

/**
 * What the page's global holds besides: the calls that wait, whether the tracker is loading, and
 * the script that loads it.
 * @typedef {Waypost & {q: Call[], loading?: boolean, script?: string}} Global
 */

const methods = ['on', 'off', 'track', 'flush', 'pending', 'defaults'];

const retry_delay_base_ms = 2000;
const retry_delay_max_ms = 60_000;

/**
 * @param {{relay: string}} where
 * @returns {Waypost}
 */
export function connect({ relay }) {
  if (typeof document === 'undefined') {
    throw new Error('waypost: connect() is for pages; call it in the browser only.');
  }
  const script = new URL(`${relay.replace(/\/+$/, '')}/waypost.js`, document.baseURI).href;
  const page = /** @type {{waypost?: Global}} */ (/** @type {unknown} */ (window));
  const waypost = (page.waypost ??= create_stub());
  if (waypost.script === undefined && !waypost.loading) {
    waypost.script = script;
    load_until_it_works(script, 0);
  } else if ((waypost.script ?? script) !== script) {
    throw new Error(`waypost: this page is connected already, by ${waypost.script}.`);
  }
  return waypost;
}

/**
 * Keeps calls in order, and gives their promises.
 * @returns {Global}
 */
function create_stub() {
  /** @type {Call[]} */
  const q = [];

  /** @param {string} [name] */
  const keep =
    (name) =>
    (/** @type {any[]} */ ...args) => {
      const promise = new Promise((...settle) => q.push([name, args, settle, Date.now()]));
      // The tracker says it to the console; a page that does not look shall not be told twice.
      promise.catch(() => {});
      return promise;
    };

  const kept = Object.fromEntries(methods.map((name) => [name, keep(name)]));
  return /** @type {any} */ (Object.assign(keep(), kept, { q }));
}

/**
 * @param {string} script
 * @param {number} attempt
 */
function load_until_it_works(script, attempt) {
  // A module that failed to load is remembered as failed under its address.
  const address = attempt === 0 ? script : `${script}?${attempt}`;
  // Not for the bundler: it is there when the page runs.
  import(/* webpackIgnore: true */ /* @vite-ignore */ address).catch((error) => {
    const delay_max_ms = Math.min(retry_delay_max_ms, retry_delay_base_ms * 2 ** attempt);
    console.error('waypost: the relay gives no tracker.', error);
    setTimeout(load_until_it_works, Math.random() * delay_max_ms, script, attempt + 1);
  });
}
