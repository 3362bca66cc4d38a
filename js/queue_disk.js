import { create_reconnection } from './reconnection.js';
import { within } from './time_limit.js';
import { WaypostError } from './waypost_error.js';

/** @import {Clock} from './clock.js' */
/** @import {Queue} from './queue.js' */
/** @import {ConnectedQueue} from './queue_indexeddb.js' */
/** @import {Reconnection} from './reconnection.js' */

const use_limit_ms = 10_000;

/** @typedef {Queue & Omit<Reconnection, 'use'>} DiskQueue */

/**
 * The queue on the learner's disk. No promise of it hangs.
 * @param {string} name of the database
 * @param {Clock} clock
 * @param {Parameters<typeof create_reconnection>[2]} page
 * @returns {DiskQueue}
 */
export function create_disk_queue(name, clock, page) {
  const { use, ...connection } = create_reconnection(name, clock, page);

  /**
   * @template T
   * @param {(queue: ConnectedQueue) => Promise<T>} run
   */
  const use_shortly = (run) => use((queue) => within(run(queue), use_limit_ms, clock));

  return {
    stored: 'disk',

    async append(row, strict) {
      try {
        return await use((queue) => queue.append(row, strict));
      } catch (cause) {
        if (cause instanceof WaypostError) throw cause;
        throw new WaypostError('storage-failed', 'The browser could not store it.', { cause });
      }
    },
    load: (...range) => use_shortly((queue) => queue.load(...range)),
    keys: (...range) => use_shortly((queue) => queue.keys(...range)),
    read: (seqs) => use_shortly((queue) => queue.read(seqs)),
    remove: (seqs) => use_shortly((queue) => queue.remove(seqs)),
    defer: (...change) => use_shortly((queue) => queue.defer(...change)),
    bury: (...change) => use_shortly((queue) => queue.bury(...change)),
    pending: () => use_shortly((queue) => queue.pending()),
    setting: (...change) => use_shortly((queue) => queue.setting(...change)),

    ...connection,
  };
}
