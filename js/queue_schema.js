// The layout of the tracker's database, described in docs/browser_queue.md. A new version is a new
// step at the end of the list; steps that have shipped never change, and every step keeps the rows.

/** @type {((database: IDBDatabase, upgrade: IDBTransaction) => void)[]} */
const steps = [
  // 1: what waits, what was refused for good, and what the tracker remembers of this browser.
  (database) => {
    const waiting = database.createObjectStore('waiting', { keyPath: 'seq', autoIncrement: true });
    waiting.createIndex('bytes', 'bytes');
    database.createObjectStore('dead', { keyPath: 'seq' });
    database.createObjectStore('settings');
  },
];

export const schema_version = steps.length;

/**
 * Brings a database from `from_version` to the present one, inside its versionchange transaction.
 * @param {IDBDatabase} database
 * @param {IDBTransaction} upgrade
 * @param {number} from_version 0 for a new database
 */
export function migrate(database, upgrade, from_version) {
  for (const step of steps.slice(from_version)) step(database, upgrade);
}
