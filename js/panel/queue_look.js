// Reads the tracker's database and journal beside the tracker, and leaves both as they are.
import { open_journal } from '../journal.js';
import { result_of } from '../queue_requests.js';

/** @import {NewRow, Row} from '../queue.js' */

// More than anyone reads.
const rows_max = 200;

/**
 * @typedef {Row & {reason: unknown, buried_ms: number}} DeadRow
 *
 * @typedef {object} FoundOnDisk
 * @property {Row[]} waiting the first that wait
 * @property {number} waiting_count all that wait
 * @property {DeadRow[]} dead what the relay refused and did not keep
 *
 * @typedef {FoundOnDisk & {journal: NewRow[], has_database: boolean}} Found
 */

/**
 * @param {string} organisation
 * @returns {Promise<Found>}
 */
export async function look_into_queue(organisation) {
  const database = await open_existing(`waypost-${organisation}`);
  const on_disk = database === null ? nothing : await look_into(database);
  const journal = open_journal(organisation)?.entries().slice(0, rows_max) ?? [];
  return { ...on_disk, journal: journal.map(({ row }) => row), has_database: database !== null };
}

/** @type {FoundOnDisk} */
const nothing = { waiting: [], waiting_count: 0, dead: [] };

/**
 * @param {IDBDatabase} database
 * @returns {Promise<FoundOnDisk>}
 */
async function look_into(database) {
  try {
    const transaction = database.transaction(['waiting', 'dead']);
    const waiting = transaction.objectStore('waiting');
    const [rows, waiting_count, dead] = await Promise.all([
      result_of(waiting.getAll(null, rows_max)),
      result_of(waiting.count()),
      result_of(transaction.objectStore('dead').getAll(null, rows_max)),
    ]);
    return { waiting: rows, waiting_count, dead };
  } finally {
    database.close();
  }
}

/**
 * The database as it is: making or upgrading it is the tracker's.
 * @param {string} name
 * @returns {Promise<IDBDatabase | null>}
 */
function open_existing(name) {
  return new Promise((resolve) => {
    try {
      const request = indexedDB.open(name);
      request.onupgradeneeded = () => request.transaction?.abort();
      request.onsuccess = () => resolve(request.result);
      request.onerror = (event) => {
        event.preventDefault();
        resolve(null);
      };
    } catch (error) {
      // In a sandboxed frame.
      console.debug('waypost: there is no IndexedDB here.', error);
      resolve(null);
    }
  });
}
