import { create_append } from './queue_append.js';
import { completion_of, result_of } from './queue_requests.js';
import { migrate, schema_version } from './queue_schema.js';

/** @import {Queue, Row} from './queue.js' */

/**
 * Opens (or creates, or upgrades) the database of this name. Rejects where there is no IndexedDB.
 * @param {string} name
 * @returns {Promise<Queue>}
 */
export async function open_indexeddb_queue(name) {
  const database = await open_database(name);
  return create_queue(database, await create_append(database));
}

/**
 * @param {string} name
 * @returns {Promise<IDBDatabase>}
 */
function open_database(name) {
  return new Promise((resolve, reject) => {
    // The mere mention of indexedDB throws in a sandboxed frame.
    const request = indexedDB.open(name, schema_version);
    request.onupgradeneeded = ({ oldVersion }) => {
      const upgrade = /** @type {IDBTransaction} */ (request.transaction);
      migrate(request.result, upgrade, oldVersion);
    };
    request.onsuccess = () => {
      const database = request.result;
      // A newer tracker in another tab wants to upgrade; an open connection would hold it up.
      database.onversionchange = () => database.close();
      resolve(database);
    };
    request.onerror = () => reject(request.error);
  });
}

/**
 * @param {IDBDatabase} database
 * @param {Queue['append']} append
 * @returns {Queue}
 */
function create_queue(database, append) {
  return {
    stored: 'disk',
    append,

    async load(after_seq, count_max) {
      const waiting = database.transaction('waiting').objectStore('waiting');
      const range = IDBKeyRange.lowerBound(after_seq, true);
      const rows = await result_of(waiting.getAll(range, count_max + 1));
      return { rows: rows.slice(0, count_max), more: rows.length > count_max };
    },

    async read(seqs) {
      const waiting = database.transaction('waiting').objectStore('waiting');
      const rows = await Promise.all(seqs.map((seq) => result_of(waiting.get(seq))));
      return rows.filter((row) => row !== undefined);
    },

    async remove(seqs) {
      const transaction = database.transaction('waiting', 'readwrite');
      for (const seq of seqs) transaction.objectStore('waiting').delete(seq);
      transaction.commit();
      await completion_of(transaction);
    },

    async defer(seqs, until_ms) {
      await change(database, seqs, (row, { waiting }) => {
        waiting.put({ ...row, attempts: row.attempts + 1, next_at_ms: until_ms });
      });
    },

    async bury(letters, now_ms) {
      const reasons = new Map(letters.map(({ seq, reason }) => [seq, reason]));
      await change(database, [...reasons.keys()], (row, { waiting, dead }) => {
        dead.put({ ...row, reason: reasons.get(row.seq), buried_ms: now_ms });
        waiting.delete(row.seq);
      });
    },

    async pending() {
      return result_of(database.transaction('waiting').objectStore('waiting').count());
    },

    async setting(name, make) {
      const transaction = database.transaction('settings', 'readwrite');
      const settings = transaction.objectStore('settings');
      const kept = await result_of(settings.get(name));
      if (kept !== undefined) return kept;
      const made = make();
      settings.put(made, name);
      await completion_of(transaction);
      return made;
    },
  };
}

/**
 * Changes those of the rows that still wait, in one transaction.
 * @param {IDBDatabase} database
 * @param {number[]} seqs
 * @param {(row: Row, stores: {waiting: IDBObjectStore, dead: IDBObjectStore}) => void} change_row
 */
async function change(database, seqs, change_row) {
  const transaction = database.transaction(['waiting', 'dead'], 'readwrite');
  const waiting = transaction.objectStore('waiting');
  const dead = transaction.objectStore('dead');
  for (const seq of seqs) {
    const request = waiting.get(seq);
    request.onsuccess = () => {
      if (request.result !== undefined) change_row(request.result, { waiting, dead });
    };
  }
  await completion_of(transaction);
}
