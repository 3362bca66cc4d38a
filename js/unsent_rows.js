/** @import {NewRow, Row} from './queue.js' */

/** @typedef {{row: NewRow | Row}} Unsent  the row has no `seq` until it is in the queue */

/**
 * A copy in memory of what this page has put into its queue and what has not left it yet, in the
 * order of the calls: what can be sent in the last moment of the page, when a database cannot be
 * asked any more. As large as the queue at most.
 * @typedef {object} UnsentRows
 * @property {(row: NewRow) => Unsent} add
 * @property {(unsent: Unsent, seq: number) => Row} stored it has its place in the queue
 * @property {(unsent: Unsent) => void} drop it is not in the queue
 * @property {(seqs: number[]) => void} settle these have left the queue
 * @property {(seqs: number[], until_ms: number) => void} defer these are not sent before
 * @property {() => Unsent[]} all
 * @property {() => Row[]} in_queue
 */

/** @returns {UnsentRows} */
export function create_unsent_rows() {
  /** @type {Set<Unsent>} */
  const all = new Set();
  /** @type {Map<number, Unsent>} */
  const by_seq = new Map();

  return {
    add(row) {
      const unsent = { row };
      all.add(unsent);
      return unsent;
    },
    stored(unsent, seq) {
      const row = { ...unsent.row, seq };
      unsent.row = row;
      // What was sent while it was written is settled already.
      if (all.has(unsent)) by_seq.set(seq, unsent);
      return row;
    },
    drop(unsent) {
      all.delete(unsent);
      if ('seq' in unsent.row) by_seq.delete(unsent.row.seq);
    },
    settle(seqs) {
      for (const seq of seqs) {
        const unsent = by_seq.get(seq);
        if (unsent !== undefined) all.delete(unsent);
        by_seq.delete(seq);
      }
    },
    defer(seqs, until_ms) {
      for (const seq of seqs) {
        const unsent = by_seq.get(seq);
        if (unsent !== undefined) unsent.row = { ...unsent.row, next_at_ms: until_ms };
      }
    },
    all: () => [...all],
    in_queue: () => [...by_seq.values()].map(({ row }) => /** @type {Row} */ (row)),
  };
}
