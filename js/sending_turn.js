// One page of an organisation sends at a time, all tabs of the browser together. Where the right to
// send is not to be had, a page sends without it in the end: the relay knows what it has by its id.

/** @import {Clock} from './clock.js' */

/** @typedef {<T>(send: () => Promise<T>) => Promise<T>} TakeTurn */

// No send takes longer, or what it takes longer is not waited for.
export const hold_max_ms = 30_000;
export const wait_max_ms = hold_max_ms + 5000;

/**
 * By a Web Lock, which the browser frees when its page dies. It is held during a send only, and let
 * go when the page goes: a page that holds one cannot come back from the back/forward cache.
 * @param {string} name
 * @param {LockManager} locks
 * @param {Clock} clock
 * @param {EventTarget} page that is told 'pagehide' and 'pageshow'
 * @returns {TakeTurn}
 */
export function create_lock_turn(name, locks, clock, page) {
  /**
   * Tells when the page goes, or when it has taken long.
   * @param {number} limit_ms
   * @param {(why: 'going' | 'long') => void} tell
   */
  function watch(limit_ms, tell) {
    const going = () => tell('going');
    const timer = clock.set_timer(() => tell('long'), limit_ms);
    page.addEventListener('pagehide', going);
    return () => {
      clock.clear_timer(timer);
      page.removeEventListener('pagehide', going);
    };
  }

  /** @param {Promise<unknown>} sending */
  function hold(sending) {
    return new Promise((release) => {
      const stop = watch(hold_max_ms, release);
      sending.then(release, release).finally(stop);
    });
  }

  return async (send) => {
    for (;;) {
      const waiting = new AbortController();
      const stop = watch(wait_max_ms, (why) => waiting.abort(why));
      /** @type {ReturnType<typeof send> | undefined} */
      let sending;
      try {
        await locks.request(name, { signal: waiting.signal }, () => {
          stop();
          sending = send();
          return hold(sending);
        });
      } catch (error) {
        if (!waiting.signal.aborted) console.info('waypost: no turn.', error);
      } finally {
        stop();
      }
      if (sending !== undefined) return sending;
      if (waiting.signal.reason !== 'going') return send();
      await new Promise((resolve) => page.addEventListener('pageshow', resolve, { once: true }));
    }
  };
}
