// The contract of the tracker's queue. Two keep it: queue_indexeddb.js on the learner's disk, and
// queue_memory.js where there is no IndexedDB. tests/browser/queue_contract_test.mjs holds both to
// it.

// core/include/waypost/limits.hpp: kTrackerQueueEntriesMax, kTrackerQueueBytesMax.
export const entries_max = 5000;
export const bytes_max = 10 * 1024 * 1024;

/**
 * What the queue, or the journal, is asked to keep, and what is needed to send it.
 * @typedef {object} NewRow
 * @property {string} id of the statement, lower case
 * @property {'statement' | 'event'} kind what `body` is: a statement that the core has completed
 *   and checked, or what a page said while there was no core (captured_event.js)
 * @property {string} body JSON text; never changes
 * @property {number} bytes of `body` in UTF-8
 * @property {string} group a batch holds one group: '' for statements, 'events' for events
 * @property {string} lane leaves in order of arrival (registration, else learner; '' for events)
 * @property {number} captured_ms
 * @property {number} attempts
 * @property {number} next_at_ms not sent before
 */

/** @typedef {NewRow & {seq: number}} Row  `seq` is the queue's key, in order of arrival */

/** @typedef {(kept: string | undefined) => string} Decide */

/**
 * Calls take effect in the order they are made, whether or not their promises are awaited.
 * @typedef {object} Queue
 * @property {'disk' | 'memory'} stored what an appended row can be said to be
 * @property {(row: NewRow, strict: boolean) => Promise<number>} append resolves with `seq` once the
 *   row is as safe as `stored` says; `strict` waits for the disk itself. Rejects with a
 *   WaypostError 'queue-full' or 'storage-failed'; then nothing was kept. Never evicts.
 * @property {(after_seq: number, count_max: number) => Promise<{rows: Row[], more: boolean}>} load
 *   the waiting rows above `after_seq`, in order
 * @property {(after_seq: number, count_max: number) => Promise<number[]>} keys of the same
 * @property {(seqs: number[]) => Promise<Row[]>} read those of them that still wait
 * @property {(seqs: number[]) => Promise<void>} remove for good
 * @property {(seqs: number[], until_ms: number) => Promise<void>} defer attempts + 1
 * @property {(dead: {seq: number, reason: unknown}[], now_ms: number) => Promise<void>} bury
 *   they wait no longer, and are kept as dead letters where the queue outlives the page
 * @property {() => Promise<number>} pending how many wait
 * @property {(name: string, decide: Decide) => Promise<string>} setting what was decided about the
 *   value under this name, and is kept from now on, for all tabs
 */
