/** @import {Clock} from './clock.js' */

/** @typedef {typeof import('./seldom_needed_parts.js')} SeldomNeeded */

const retry_delay_ms = 5000;

/**
 * Fetches what hardly a page needs: what sends where the core does not run, or where there are no
 * Web Locks. Without a network nobody could send anyway.
 * @param {Clock} clock
 * @param {number} [attempt]
 * @returns {Promise<SeldomNeeded>} does not reject: it is tried until it works
 */
export async function fetch_seldom_needed(clock, attempt = 0) {
  try {
    // A module that failed to load may be remembered as failed under its address.
    const file = `${__WAYPOST_SELDOM_NEEDED_FILE__}?${attempt}`;
    return await import(new URL(file, import.meta.url).href);
  } catch (error) {
    console.info('waypost: a part has not loaded.', error);
    await new Promise((resolve) => clock.set_timer(() => resolve(0), retry_delay_ms));
    return fetch_seldom_needed(clock, attempt + 1);
  }
}
