import { bytes_max, entries_max } from './queue.js';
import { WaypostError } from './waypost_error.js';

/** @import {Queue, Row} from './queue.js' */

/**
 * The queue of a page without IndexedDB: as good as the page's life.
 * @returns {Queue}
 */
export function create_memory_queue() {
  /** @type {Map<number, Row>} in order of `seq` */
  const waiting = new Map();
  /** @type {Map<string, string>} */
  const settings = new Map();
  let bytes = 0;
  let seq = 0;

  /** @param {number} key */
  function take(key) {
    const row = waiting.get(key);
    if (row === undefined) return;
    waiting.delete(key);
    bytes -= row.bytes;
  }

  return {
    stored: 'memory',
    async append(row) {
      if (waiting.size >= entries_max || bytes + row.bytes > bytes_max) {
        throw new WaypostError('queue-full', 'The queue is full.');
      }
      seq += 1;
      waiting.set(seq, { ...row, seq });
      bytes += row.bytes;
      return seq;
    },
    async load(after_seq, count_max) {
      const rows = [...waiting.values()].filter((row) => row.seq > after_seq);
      return { rows: rows.slice(0, count_max), more: rows.length > count_max };
    },
    async keys(after_seq, count_max) {
      return [...waiting.keys()].filter((key) => key > after_seq).slice(0, count_max);
    },
    async read(seqs) {
      return seqs.flatMap((key) => waiting.get(key) ?? []);
    },
    async remove(seqs) {
      seqs.forEach(take);
    },
    async defer(seqs, until_ms) {
      for (const key of seqs) {
        const row = waiting.get(key);
        if (row !== undefined) {
          waiting.set(key, { ...row, attempts: row.attempts + 1, next_at_ms: until_ms });
        }
      }
    },
    async bury(letters) {
      letters.forEach(({ seq: key }) => take(key));
    },
    async pending() {
      return waiting.size;
    },
    async setting(name, decide) {
      const value = decide(settings.get(name));
      settings.set(name, value);
      return value;
    },
  };
}
