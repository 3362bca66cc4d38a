import { bytes_max, entries_max } from './queue.js';
import { completion_of } from './queue_requests.js';
import { within } from './time_limit.js';
import { WaypostError } from './waypost_error.js';

/** @import {Clock} from './clock.js' */
/** @import {NewRow, Queue} from './queue.js' */

const write_limit_ms = 10_000;

/**
 * The calls of one tick share a transaction, which is committed when the tick ends, so that a page
 * may leave right after `track()`.
 * @param {IDBDatabase} database
 * @param {Clock} clock
 * @returns {Promise<Queue['append']>}
 */
export async function create_append(database, clock) {
  // What waited at the last count and what this page added since. Others add and remove too, so it
  // is counted anew before anything is refused for it; several tabs together may exceed the bound
  // by what they added since they counted.
  let usage = await count_usage(database);

  /** @type {{transaction: IDBTransaction, strict: boolean, completion: Promise<void>} | null} */
  let open = null;
  /** @type {Promise<void> | null} */
  let recounting = null;

  function close() {
    open?.transaction.commit();
    open = null;
  }

  /** @param {boolean} strict */
  function transaction_of_tick(strict) {
    // Rows keep the order of the calls, so a strict one closes a relaxed transaction.
    if (open !== null && strict && !open.strict) close();
    if (open === null) {
      const durability = strict ? 'strict' : 'relaxed';
      const transaction = database.transaction('waiting', 'readwrite', { durability });
      open = {
        transaction,
        strict,
        completion: within(completion_of(transaction), write_limit_ms, clock),
      };
      queueMicrotask(close);
    }
    return open;
  }

  /** @param {NewRow} row @param {boolean} strict */
  async function put(row, strict) {
    const { transaction, completion } = transaction_of_tick(strict);
    const request = transaction.objectStore('waiting').add(row);
    usage.entries += 1;
    usage.bytes += row.bytes;
    await completion;
    return Number(request.result);
  }

  /** @param {NewRow} row */
  const fits = (row) => usage.entries < entries_max && usage.bytes + row.bytes <= bytes_max;

  async function recount() {
    try {
      usage = await count_usage(database);
    } finally {
      recounting = null;
    }
  }

  return async (row, strict) => {
    if (recounting === null && fits(row)) return put(row, strict);
    recounting ??= recount();
    await recounting;
    if (!fits(row)) throw new WaypostError('queue-full', 'The queue is full.');
    return put(row, strict);
  };
}

/**
 * What waits at present, all tabs together. Reads keys of an index only, no bodies.
 * @param {IDBDatabase} database
 * @returns {Promise<{entries: number, bytes: number}>}
 */
function count_usage(database) {
  return new Promise((resolve, reject) => {
    const sizes = database.transaction('waiting').objectStore('waiting').index('bytes');
    let entries = 0;
    let bytes = 0;
    const request = sizes.openKeyCursor();
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const cursor = request.result;
      if (cursor === null) {
        resolve({ entries, bytes });
        return;
      }
      entries += 1;
      bytes += Number(cursor.key);
      cursor.continue();
    };
  });
}
