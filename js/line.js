import { create_exit_flush } from './exit_flush.js';
import { create_unsent_rows } from './unsent_rows.js';

/** @import {Clock} from './clock.js' */
/** @import {Emitter} from './event_emitter.js' */
/** @import {NewRow, Queue, Row} from './queue.js' */
/** @import {TakeTurn} from './sending_turn.js' */
/** @import {Post} from './transport.js' */

/**
 * What brings a queue to the relay: by the core's engine, or by the fallback.
 * @typedef {object} Sender
 * @property {() => void} start
 * @property {(row: Row) => void} enqueued
 * @property {() => void} flush
 * @property {() => void} wake the network, or the page, is back
 * @property {() => Promise<void>} look_for_more takes up what other pages have added
 */

/**
 * What a sender works with.
 * @typedef {object} LineParts
 * @property {Queue} queue
 * @property {Post} post
 * @property {TakeTurn} take_turn
 * @property {Clock} clock
 * @property {Emitter} emitter
 * @property {number} interval_ms
 * @property {() => boolean} outlive_page whether a request sent now should survive the page
 */

/**
 * A queue and what empties it.
 * @typedef {object} Line
 * @property {(make: (parts: LineParts) => Sender) => void} send_by it, from now on
 * @property {() => void} start
 * @property {(row: NewRow, append: () => Promise<number>) => Promise<number>} put what `append`
 *   puts into the queue; resolves with its `seq`
 * @property {() => Row[]} unsent_rows what this page has put into the queue and has not sent
 * @property {() => void} flush
 * @property {() => void} wake
 * @property {() => Promise<void>} look_for_more
 * @property {() => Promise<void>} exit_flush
 */

/**
 * @param {Omit<LineParts, 'outlive_page'>} parts
 * @returns {Line}
 */
export function create_line({ queue, post, ...others }) {
  const unsent = create_unsent_rows();
  /** @type {Set<string>} */
  let lanes_in_flight = new Set();
  /** @type {Sender | null} null until it is known who sends */
  let sender = null;
  let is_started = false;
  const in_memory = queue.stored === 'memory';
  /** @type {LineParts} */
  const parts = {
    ...others,
    queue: {
      ...queue,
      remove: (seqs) => (unsent.settle(seqs), queue.remove(seqs)),
      bury: (letters, now_ms) => (
        unsent.settle(letters.map(({ seq }) => seq)),
        queue.bury(letters, now_ms)
      ),
      defer: (seqs, until_ms) => (unsent.defer(seqs, until_ms), queue.defer(seqs, until_ms)),
    },
    async post(rows, outlive_page) {
      lanes_in_flight = new Set(rows.map(({ lane }) => lane));
      try {
        return await post(rows, outlive_page);
      } finally {
        lanes_in_flight = new Set();
      }
    },
    // What is only in memory does not wait.
    interval_ms: in_memory ? 0 : others.interval_ms,
    outlive_page: () => in_memory || document.visibilityState === 'hidden',
  };

  return {
    send_by(make) {
      sender = make(parts);
      if (is_started) sender.start();
    },
    start() {
      is_started = true;
      sender?.start();
    },
    async put(row, append) {
      const copy = unsent.add(row);
      try {
        const stored = unsent.stored(copy, await append());
        sender?.enqueued(stored);
        return stored.seq;
      } catch (error) {
        unsent.drop(copy);
        throw error;
      }
    },
    unsent_rows: unsent.in_queue,
    flush: () => sender?.flush(),
    wake: () => sender?.wake(),
    look_for_more: async () => sender?.look_for_more(),
    exit_flush: create_exit_flush({
      ...others,
      unsent,
      queue,
      post,
      lanes_in_flight: () => lanes_in_flight,
    }),
  };
}
