// The layout of the tracker's database, described in docs/browser_queue.md. A new version is a new
// step at the end of the list; steps that have shipped never change, and every step keeps the rows.
import { random_uuid, uuid_text } from './random.js';

/** @type {((database: IDBDatabase, upgrade: IDBTransaction) => void)[]} */
const steps = [
  // 1: what waits, what was refused for good, and what the tracker remembers of this browser.
  (database) => {
    const waiting = database.createObjectStore('waiting', { keyPath: 'seq', autoIncrement: true });
    waiting.createIndex('bytes', 'bytes');
    database.createObjectStore('dead', { keyPath: 'seq' });
    database.createObjectStore('settings');
  },
  // 2: rows may be events, which a tracker of version 1 would send as statements; and the database
  // can be told from one that took its place.
  (_, upgrade) => {
    upgrade.objectStore('settings').put(uuid_text(random_uuid()), 'identity');
  },
];

export const schema_version = steps.length;

/**
 * Brings a database from `from_version` to the present one, inside its versionchange transaction.
 * @param {IDBDatabase} database
 * @param {IDBTransaction} upgrade
 * @param {number} from_version 0 for a new database
 * @param {number} now_ms
 */
export function migrate(database, upgrade, from_version, now_ms) {
  for (const step of steps.slice(from_version)) step(database, upgrade);
  if (from_version > 0) return;
  // A database that takes the place of a deleted one counts on from above its keys, which pages
  // still know.
  const waiting = upgrade.objectStore('waiting');
  waiting.add({ seq: now_ms });
  waiting.delete(now_ms);
}
