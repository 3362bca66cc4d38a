// Keeps rows in localStorage while the database is not open yet, or fails. One key for each row, so
// that tabs that write at once do not lose each other's. Any page takes over what it finds.
import { utf8_bytes } from './utf8.js';

/** @import {NewRow} from './queue.js' */

// localStorage is small, and the whole site shares it.
const bytes_max = 256 * 1024;

/** @typedef {{key: string, row: NewRow}} JournalEntry */

/**
 * @typedef {object} Journal
 * @property {(row: NewRow) => string | null} add the entry's key; null where there is no room
 * @property {() => JournalEntry[]} entries of all pages, in the order of their capture
 * @property {(key: string) => void} remove
 */

/**
 * @param {string} organisation
 * @returns {Journal | null} null where the browser gives this page no localStorage
 */
export function open_journal(organisation) {
  try {
    const storage = window.localStorage; // Null in a web view that was not given any.
    return storage ? create_journal(storage, `waypost-${organisation}/`) : null;
  } catch (error) {
    console.info('waypost: no journal.', error);
    return null;
  }
}

/**
 * @param {Storage} storage
 * @param {string} prefix of the keys
 * @returns {Journal}
 */
export function create_journal(storage, prefix) {
  // What is in it. Others add and remove too: it is counted anew when the storage has changed.
  let bytes = 0;
  let items = -1;
  let added = 0;

  /** @param {string} key @param {string} text */
  const size_of = (key, text) => utf8_bytes(key) + utf8_bytes(text);

  function keys() {
    const names = Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '');
    return names.filter((name) => name.startsWith(prefix)).sort();
  }

  function has_room(/** @type {number} */ size) {
    if (storage.length !== items) {
      bytes = keys().reduce((sum, key) => sum + size_of(key, storage.getItem(key) ?? ''), 0);
    }
    return bytes + size <= bytes_max;
  }

  return {
    add(row) {
      added += 1;
      const [time, count] = [row.captured_ms, added].map((n) => String(n).padStart(15, '0'));
      const key = `${prefix}${time}-${count}-${row.id}`;
      const text = JSON.stringify(row);
      const size = size_of(key, text);
      if (!has_room(size)) return null;
      try {
        storage.setItem(key, text);
      } catch (error) {
        console.info('waypost: no journal.', error);
        return null;
      }
      bytes += size;
      items = storage.length;
      return key;
    },

    entries: () =>
      keys().flatMap((key) => {
        const row = row_of(storage.getItem(key));
        return row === null ? [] : [{ key, row }];
      }),

    remove: (key) => storage.removeItem(key),
  };
}

/**
 * @param {string | null} text
 * @returns {NewRow | null} null for what this tracker did not write
 */
function row_of(text) {
  try {
    const row = JSON.parse(text ?? 'null');
    return typeof row?.id === 'string' && typeof row.body === 'string' ? row : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
