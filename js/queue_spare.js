import { create_memory_queue } from './queue_memory.js';

/** @import {Stored} from './capture.js' */
/** @import {Journal} from './journal.js' */
/** @import {NewRow, Queue} from './queue.js' */

/**
 * @typedef {Queue & {
 *   stored_as: (seq: number) => Stored,
 *   take_in: (key: string, row: NewRow) => Promise<number>,
 * }} SpareQueue `take_in` a row that is in the journal already
 */

/**
 * The queue of a page whose disk fails: in memory, and in the journal as far as that has room.
 * @param {Journal | null} journal
 * @returns {SpareQueue}
 */
export function create_spare_queue(journal) {
  const memory = create_memory_queue();
  /** @type {Map<number, string>} from seq to key in the journal */
  const keys = new Map();

  /** @param {number[]} seqs */
  function strike(seqs) {
    for (const seq of seqs) {
      const key = keys.get(seq);
      if (key !== undefined) journal?.remove(key);
      keys.delete(seq);
    }
  }

  return {
    ...memory,
    async append(row, strict) {
      const key = journal?.add(row);
      try {
        const seq = await memory.append(row, strict);
        if (key) keys.set(seq, key);
        return seq;
      } catch (error) {
        if (key) journal?.remove(key);
        throw error;
      }
    },
    async take_in(key, row) {
      const seq = await memory.append(row, false);
      keys.set(seq, key);
      return seq;
    },
    stored_as: (seq) => (keys.has(seq) ? 'journal' : 'memory'),
    remove: async (seqs) => {
      strike(seqs);
      await memory.remove(seqs);
    },
    bury: async (letters, now_ms) => {
      strike(letters.map(({ seq }) => seq));
      await memory.bury(letters, now_ms);
    },
  };
}
