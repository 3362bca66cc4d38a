import { open_indexeddb_queue } from './queue_indexeddb.js';
import { is_timeout, within } from './time_limit.js';
import { WaypostError } from './waypost_error.js';

/** @import {Clock} from './clock.js' */
/** @import {Row} from './queue.js' */
/** @import {ConnectedQueue} from './queue_indexeddb.js' */

const open_limit_ms = 5000;
const reopen_delay_ms = 10_000;

/**
 * @typedef {object} Reconnection
 * @property {<T>(run: (queue: ConnectedQueue) => Promise<T>) => Promise<T>} use runs it, in the
 *   tick of the call if the database is open; once more on a new connection if it failed for the
 *   old one
 * @property {() => Promise<boolean>} try_open whether the database is open, which is awaited for a
 *   few seconds. After a failure it is tried again, whenever the queue is used, after 10 s
 * @property {() => boolean} is_open
 * @property {() => boolean} is_possible whether it makes sense to try again
 * @property {() => void} hurry does not wait out these 10 s
 */

/**
 * Browsers end connections, and users delete databases, while a page lives.
 * @param {string} name of the database
 * @param {Clock} clock
 * @param {object} page
 * @param {() => Row[]} page.unsent_rows what this page knows to be in the queue. Where the database
 *   was deleted, they are put into the one that takes its place
 * @param {() => void} page.opened told each time when it is open
 * @returns {Reconnection}
 */
export function create_reconnection(name, clock, { unsent_rows, opened }) {
  /** @type {ConnectedQueue | null} */
  let connected = null;
  /** @type {Promise<ConnectedQueue> | null} */
  let opening = null;
  /** @type {unknown} */
  let failure;
  let reopen_at_ms = 0;
  /** @type {string | null} */
  let identity = null;

  /** @param {ConnectedQueue | undefined} queue */
  function lose(queue) {
    queue?.close();
    if (connected === queue) connected = null;
  }

  async function connect() {
    /** @type {ConnectedQueue | undefined} */
    let queue;
    try {
      queue = await open_indexeddb_queue(name, clock, () => lose(queue));
      if (identity !== null && identity !== queue.identity) await queue.restore(unsent_rows());
      identity = queue.identity;
      connected = queue;
      reopen_at_ms = 0;
      opened();
      return queue;
    } catch (error) {
      failure = error;
      console.info('waypost: the queue in this browser failed.', error);
      // A sandboxed frame never gets one.
      const is_final = error instanceof DOMException && error.name === 'SecurityError';
      reopen_at_ms = is_final ? Infinity : clock.now_ms() + reopen_delay_ms;
      throw error;
    } finally {
      opening = null;
    }
  }

  async function reconnected() {
    if (connected !== null) return connected;
    if (opening === null && clock.now_ms() < reopen_at_ms) throw failure;
    opening ??= connect();
    return within(opening, open_limit_ms, clock);
  }

  /**
   * @template T
   * @param {(queue: ConnectedQueue) => Promise<T>} run
   * @returns {Promise<T>}
   */
  async function use(run) {
    // In the tick of the call, if it is open.
    const queue = connected ?? (await reconnected());
    try {
      return await run(queue);
    } catch (error) {
      if (error instanceof WaypostError || is_full(error)) throw error;
      lose(queue);
      if (is_timeout(error)) throw error;
      return run(await reconnected());
    }
  }

  return {
    use,
    try_open: () =>
      reconnected().then(
        () => true,
        () => false,
      ),
    is_open: () => connected !== null,
    is_possible: () => reopen_at_ms < Infinity,
    hurry: () => {
      if (reopen_at_ms < Infinity) reopen_at_ms = 0;
    },
  };
}

/** @param {unknown} error */
const is_full = (error) => error instanceof DOMException && error.name === 'QuotaExceededError';
