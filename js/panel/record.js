import { summary_of_event, summary_of_row } from './summary.js';

/** @import {Captured, Event} from '../capture.js' */
/** @import {Violation} from '../core.js' */
/** @import {Events} from '../event_emitter.js' */
/** @import {NewRow} from '../queue.js' */
/** @import {DeadRow, Found} from './queue_look.js' */
/** @import {Summary} from './summary.js' */

/**
 * What is known of one statement.
 * @typedef {object} Item
 * @property {string} key the statement's id, or a name of our own where it has none
 * @property {string} id '' where it has none
 * @property {Summary} summary
 * @property {'waiting' | 'delivered' | 'rejected'} state
 * @property {'disk' | 'journal' | 'memory'} stored
 * @property {boolean} unchecked no core has seen it
 * @property {number} seq of the queue; Infinity where it is not known
 * @property {number} missed by how many looks in a row
 * @property {number} attempts
 * @property {number} next_at_ms
 * @property {number} changed_ms when it was said, delivered or refused
 * @property {string} code of a refusal
 * @property {string} message
 * @property {Violation[]} violations
 * @property {boolean} kept the relay keeps it, though it refused it
 * @property {boolean} elsewhere another tab has sent it
 */

/**
 * @typedef {object} Contents
 * @property {boolean} started whether the tracker is there
 * @property {string} condition the trouble that sending is in, or ''
 * @property {number} status of the answer that told of it
 * @property {number} waiting_count
 * @property {Item[]} waiting
 * @property {Item[]} delivered
 * @property {Item[]} rejected
 */

const settled_max = 50;

// A look may begin before an entry was written, or see it on its way from the journal to the disk.
const misses_to_be_gone = 2;

const no_summary = { verb: '', about: '', text: '' };

// What the panel knows: everything that it was told, and what it found in the queue.
export class Record {
  /** @type {Map<string, Item>} */
  #items = new Map();

  /** Refusals are told twice: by the promise, and to listeners. Both tell these. */
  #told = new WeakMap();

  #started = false;

  #trouble = { condition: '', status: 0 };

  #waiting_count = 0;

  #now_ms;

  /** @param {() => number} now_ms */
  constructor(now_ms) {
    this.#now_ms = now_ms;
  }

  started() {
    this.#started = true;
  }

  /** @param {Event} event @param {number} said_ms @param {Captured} captured */
  captured(event, said_ms, { id, stored }) {
    const item = this.#item(id, { summary: summary_of_event(event), changed_ms: said_ms });
    item.stored = stored;
  }

  /**
   * @param {Event} event
   * @param {number} said_ms
   * @param {{code?: string, message: string, violations?: Violation[]}} error not always ours
   */
  refused(event, said_ms, { code = 'failed', message, violations = [] }) {
    const summary = summary_of_event(event);
    const known = this.#told.get(violations);
    if (known !== undefined) known.summary = summary;
    else {
      const why = { code, message, violations, kept: false };
      this.#refuse('', why, { summary, changed_ms: said_ms });
    }
  }

  /** @param {Events['rejected']} refusal */
  rejected({ id, ...why }) {
    if (this.#told.has(why.violations)) return;
    this.#refuse(id ?? '', why, { changed_ms: this.#now_ms() });
  }

  /** @param {string[]} ids */
  delivered(ids) {
    for (const id of ids) this.#deliver(this.#item(id), false);
  }

  /** @param {Events['blocked']} trouble */
  troubled({ condition, raised, status }) {
    if (raised) this.#trouble = { condition, status };
    else if (this.#trouble.condition === condition) this.#trouble = { condition: '', status: 0 };
  }

  /** @param {Found} found */
  found({ waiting, waiting_count, journal, dead }) {
    this.#waiting_count = waiting_count + journal.length;
    for (const row of dead) this.#find_dead(row);
    for (const row of journal) this.#find(row, { stored: 'journal' });
    for (const row of waiting) this.#find(row, { stored: 'disk', seq: row.seq });
    const present = new Set([...waiting, ...journal].map(({ id }) => id));
    const last_seq = waiting.length === waiting_count ? Infinity : (waiting.at(-1)?.seq ?? 0);
    for (const item of this.#items.values()) {
      if (item.state !== 'waiting' || item.stored === 'memory' || item.seq > last_seq) continue;
      item.missed = present.has(item.id) ? 0 : item.missed + 1;
      if (item.missed === misses_to_be_gone) this.#deliver(item, true);
    }
  }

  /** @param {number} count how many wait, where they cannot be looked at */
  counted(count) {
    this.#waiting_count = count;
  }

  /** @returns {Contents} */
  contents() {
    const items = [...this.#items.values()];
    const latest = (/** @type {Item['state']} */ state) =>
      items
        .filter((item) => item.state === state)
        .sort((left, right) => right.changed_ms - left.changed_ms);
    for (const state of /** @type {const} */ (['delivered', 'rejected'])) {
      for (const item of latest(state).slice(settled_max)) this.#items.delete(item.key);
    }
    const waiting = items.filter((item) => item.state === 'waiting');
    return {
      started: this.#started,
      ...this.#trouble,
      waiting_count: Math.max(this.#waiting_count, waiting.length),
      waiting: waiting.sort(
        (left, right) => left.changed_ms - right.changed_ms || left.seq - right.seq,
      ),
      delivered: latest('delivered').slice(0, settled_max),
      rejected: latest('rejected').slice(0, settled_max),
    };
  }

  /** @param {NewRow} row @param {Partial<Item>} place */
  #find(row, place) {
    const item = this.#item(row.id, { summary: summary_of_row(row), changed_ms: row.captured_ms });
    // Found before it was settled, told of after.
    if (item.state !== 'waiting') return;
    const { attempts, next_at_ms } = row;
    Object.assign(item, place, { attempts, next_at_ms, unchecked: row.kind === 'event' });
  }

  /** @param {DeadRow} row */
  #find_dead(row) {
    const known = this.#items.get(row.id);
    if (known?.state === 'rejected') {
      if (known.summary.verb === '') known.summary = summary_of_row(row);
      return;
    }
    const violations = Array.isArray(row.reason) ? row.reason : [];
    const message = 'The relay refused the statement.';
    const about = { summary: summary_of_row(row), changed_ms: row.buried_ms };
    this.#refuse(row.id, { code: 'refused', message, violations, kept: false }, about);
  }

  /** @param {Item} item @param {boolean} elsewhere */
  #deliver(item, elsewhere) {
    if (item.state === 'delivered' && !item.elsewhere) return;
    Object.assign(item, { state: 'delivered', elsewhere, changed_ms: this.#now_ms() });
  }

  /**
   * @param {string} id
   * @param {{code: string, message: string, violations: Violation[], kept: boolean}} why
   * @param {Partial<Item>} about
   */
  #refuse(id, why, about) {
    const item = this.#item(id || `refused ${this.#items.size} ${this.#now_ms()}`, about);
    Object.assign(item, { id, state: 'rejected', ...why, changed_ms: about.changed_ms });
    this.#told.set(why.violations, item);
  }

  /** @param {string} key @param {Partial<Item>} [about] of an item that is not known yet */
  #item(key, about = {}) {
    let item = this.#items.get(key);
    if (item === undefined) {
      item = { ...new_item(key), changed_ms: this.#now_ms(), ...about };
      this.#items.set(key, item);
    } else if (about.summary !== undefined) item.summary = about.summary;
    return item;
  }
}

/** @param {string} key @returns {Item} */
const new_item = (key) => ({
  key,
  id: key,
  summary: no_summary,
  state: 'waiting',
  stored: 'memory',
  unchecked: false,
  seq: Infinity,
  missed: 0,
  attempts: 0,
  next_at_ms: 0,
  changed_ms: 0,
  code: '',
  message: '',
  violations: [],
  kept: false,
  elsewhere: false,
});
