import { create_append } from './queue_append.js';
import { completion_of, result_of } from './queue_requests.js';
import { migrate, schema_version } from './queue_schema.js';

/** @import {Clock} from './clock.js' */
/** @import {Queue, Row} from './queue.js' */

/**
 * A queue for as long as its connection to the database lives.
 * @typedef {Omit<Queue, 'stored'> & Connected} ConnectedQueue
 * @typedef {object} Connected
 * @property {string} identity another one when the database was deleted and made anew
 * @property {(rows: Row[]) => Promise<void>} restore puts them where they were
 * @property {() => void} close
 */

/**
 * Opens (or creates, or upgrades) the database of this name. Rejects where there is no IndexedDB.
 * @param {string} name
 * @param {Clock} clock
 * @param {() => void} lost told when the browser or another page has ended the connection
 * @returns {Promise<ConnectedQueue>}
 */
export async function open_indexeddb_queue(name, clock, lost) {
  const database = await open_database(name, clock.now_ms(), lost);
  const settings = database.transaction('settings').objectStore('settings');
  const identity = await result_of(settings.get('identity'));
  const append = await create_append(database, clock);
  return { ...create_queue(database), append, identity, close: () => database.close() };
}

/**
 * @param {string} name
 * @param {number} now_ms
 * @param {() => void} lost
 * @returns {Promise<IDBDatabase>}
 */
function open_database(name, now_ms, lost) {
  return new Promise((resolve, reject) => {
    // The mere mention of indexedDB throws in a sandboxed frame.
    const request = indexedDB.open(name, schema_version);
    request.onupgradeneeded = ({ oldVersion }) => {
      const upgrade = /** @type {IDBTransaction} */ (request.transaction);
      migrate(request.result, upgrade, oldVersion, now_ms);
    };
    request.onsuccess = () => {
      const database = request.result;
      database.onclose = lost;
      // A newer tracker in another tab wants to upgrade, or somebody deletes the database; an open
      // connection would hold it up.
      database.onversionchange = () => {
        database.close();
        lost();
      };
      resolve(database);
    };
    request.onerror = () => reject(request.error);
  });
}

/** @param {IDBDatabase} database */
function create_queue(database) {
  const waiting_store = () => database.transaction('waiting').objectStore('waiting');
  /** @type {Omit<ConnectedQueue, 'append' | 'identity' | 'close'>} */
  const queue = {
    async load(after_seq, count_max) {
      const range = IDBKeyRange.lowerBound(after_seq, true);
      const rows = await result_of(waiting_store().getAll(range, count_max + 1));
      return { rows: rows.slice(0, count_max), more: rows.length > count_max };
    },

    async keys(after_seq, count_max) {
      const range = IDBKeyRange.lowerBound(after_seq, true);
      return (await result_of(waiting_store().getAllKeys(range, count_max))).map(Number);
    },

    async read(seqs) {
      const waiting = waiting_store();
      const rows = await Promise.all(seqs.map((seq) => result_of(waiting.get(seq))));
      return rows.filter((row) => row !== undefined);
    },

    async remove(seqs) {
      const transaction = database.transaction('waiting', 'readwrite');
      for (const seq of seqs) transaction.objectStore('waiting').delete(seq);
      transaction.commit();
      await completion_of(transaction);
    },

    async restore(rows) {
      const transaction = database.transaction('waiting', 'readwrite');
      for (const row of rows) transaction.objectStore('waiting').put(row);
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

    pending: () => result_of(waiting_store().count()),

    async setting(name, decide) {
      const transaction = database.transaction('settings', 'readwrite');
      const settings = transaction.objectStore('settings');
      const kept = await result_of(settings.get(name));
      const decided = decide(kept);
      if (decided === kept) return kept;
      settings.put(decided, name);
      await completion_of(transaction);
      return decided;
    },
  };
  return queue;
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
