import { tell_page } from './delivery_news.js';
import { no_answer, nothing_was_left } from './post_answer.js';

/** @import {Action, Engine, Settings} from './core.js' */
/** @import {Clock} from './clock.js' */
/** @import {Emitter} from './event_emitter.js' */
/** @import {Reading, Refusal} from './post_answer.js' */
/** @import {Queue, Row} from './queue.js' */
/** @import {TakeTurn} from './sending_turn.js' */
/** @import {Post} from './transport.js' */

const timer_delay_max_ms = 2 ** 31 - 1;
// Reading a row takes its body along, which may be large.
const load_count_max = 250;

/**
 * @typedef {object} Parts
 * @property {Engine} engine
 * @property {Settings} settings what the engine was created with
 * @property {Queue} queue
 * @property {Post} post
 * @property {TakeTurn} take_turn
 * @property {Clock} clock
 * @property {Emitter} emitter
 * @property {() => boolean} outlive_page whether a request sent now should survive the page
 * @property {(error: unknown) => void} failed told once, when the engine can do no more
 */

// Performs what the delivery engine decides, and tells it what came of it. Decides nothing.
export class Driver {
  /** @type {number | undefined} */
  #timer;

  /** @type {Map<number, Refusal>} what the relay said of entries that are about to be buried */
  #refusals = new Map();

  /** @type {Set<number>} keys that the engine has been told of and that have not left the queue */
  #told = new Set();

  #more_to_load = true;

  /** @type {Promise<unknown>} what was decided until now is done to the queue */
  #written = Promise.resolve();

  #failed = false;

  #queue_failed = false;

  #parts;

  /** @param {Parts} parts */
  constructor(parts) {
    this.#parts = parts;
  }

  /** Takes up what earlier pages left. */
  start() {
    this.#fact((engine, now_ms) => engine.started(now_ms));
  }

  /** @param {Row} row that was just appended */
  enqueued(row) {
    this.#told.add(row.seq);
    this.#fact((engine, now_ms) => engine.enqueued(entry_of(row), now_ms));
  }

  flush() {
    this.#fact((engine, now_ms) => engine.flush(now_ms));
  }

  /** The network, or the page, is back: what failed is tried soon, the rest does not wait. */
  wake() {
    this.#fact((engine, now_ms) => engine.online(now_ms));
    this.flush();
  }

  /** Takes up what other pages have added, which may have died before they could send it. */
  async look_for_more() {
    if (this.#more_to_load) return; // The engine itself will.
    const { queue } = this.#parts;
    const seqs = await queue.keys(0, load_count_max + this.#told.size);
    const unknown = seqs.filter((seq) => !this.#told.has(seq)).slice(0, load_count_max);
    if (unknown.length === 0) return;
    for (const row of await queue.read(unknown)) this.enqueued(row);
  }

  /** @param {(engine: Engine, now_ms: number) => void} tell */
  #fact(tell) {
    if (this.#failed) return;
    try {
      this.#tell_engine(tell);
    } catch (error) {
      this.#failed = true;
      this.#parts.failed(error);
    }
  }

  /** @param {(engine: Engine, now_ms: number) => void} tell */
  #tell_engine(tell) {
    const { engine, clock } = this.#parts;
    tell(engine, clock.now_ms());
    for (let action = engine.next_action(); action !== null; action = engine.next_action()) {
      const performed = this.#perform(action).then(
        () => void (this.#queue_failed = false),
        (/** @type {unknown} */ error) => this.#note_failure(error),
      );
      if (action.type !== 'send' && action.type !== 'load') {
        this.#written = Promise.all([this.#written, performed]);
      }
    }
    this.#arm_timer();
  }

  /** Of a queue that goes on failing, which is asked again and again, the first time is enough. */
  #note_failure(/** @type {unknown} */ error) {
    if (!this.#queue_failed) console.error('waypost: the queue in this browser failed.', error);
    this.#queue_failed = true;
  }

  #arm_timer() {
    const { engine, clock } = this.#parts;
    clock.clear_timer(this.#timer);
    const wakeup_ms = engine.next_wakeup();
    if (wakeup_ms === null) return;
    const delay_ms = Math.min(Math.max(wakeup_ms - clock.now_ms(), 0), timer_delay_max_ms);
    this.#timer = clock.set_timer(() => this.#fact((e, now_ms) => e.timer(now_ms)), delay_ms);
  }

  /**
   * Asks the queue before it awaits anything, so that the queue is asked in the engine's order.
   * @param {Action} action
   */
  async #perform(action) {
    const { queue, emitter } = this.#parts;
    switch (action.type) {
      case 'load':
        return this.#load(action.after_key, action.count_max);
      case 'send':
        return this.#parts.take_turn(() => this.#send(action.batch, action.keys));
      case 'remove':
        return this.#leave(action.keys, queue.remove(action.keys));
      case 'defer':
        return queue.defer(action.keys, action.until_ms);
      case 'bury':
        return this.#leave(action.keys, this.#bury(action.keys));
      case 'report': {
        const { condition, raised, status } = action;
        return emitter.emit('blocked', { condition, raised, status });
      }
    }
  }

  /**
   * @param {number} after_key
   * @param {number} count_max
   */
  async #load(after_key, count_max) {
    // A queue that cannot be read may hold anything: the engine asks again later.
    /** @type {{rows: Row[], more: boolean}} */
    let loaded = { rows: [], more: true };
    try {
      loaded = await this.#parts.queue.load(after_key, Math.min(count_max, load_count_max));
    } finally {
      const { rows, more } = loaded;
      for (const { seq } of rows) this.#told.add(seq);
      this.#more_to_load = more;
      this.#fact((engine, now_ms) => engine.loaded(rows.map(entry_of), more, now_ms));
    }
  }

  /**
   * @param {number[]} keys
   * @param {Promise<void>} leaving
   */
  async #leave(keys, leaving) {
    await leaving;
    for (const key of keys) this.#told.delete(key);
  }

  /**
   * @param {number} batch
   * @param {number[]} keys
   */
  async #send(batch, keys) {
    const { queue, post, outlive_page } = this.#parts;
    /** @type {Row[]} */
    let rows = [];
    let reading = no_answer('network');
    try {
      rows = await queue.read(keys);
      reading = rows.length === 0 ? nothing_was_left : await post(rows, outlive_page());
    } finally {
      this.#settle(batch, keys, rows, reading);
    }
    // The next page whose turn it is reads what is left.
    await this.#written;
  }

  /**
   * @param {number} batch
   * @param {number[]} keys
   * @param {Row[]} rows those of them that were sent
   * @param {Reading} reading
   */
  #settle(batch, keys, rows, { outcome, refusals, interval_ms }) {
    const results = [...outcome.results];
    if (outcome.extent === 'per-entry') {
      // What is gone from the queue was settled by another tab.
      const sent = new Set(rows.map((row) => row.seq));
      for (const key of keys) if (!sent.has(key)) results.push({ key, answer: 'stored' });
    }
    for (const refusal of refusals) if (!refusal.kept) this.#refusals.set(refusal.key, refusal);
    if (interval_ms !== null) this.#change_interval(interval_ms);
    this.#fact((engine, now_ms) => engine.outcome(batch, { ...outcome, results }, now_ms));
    // Who takes the engine's place will send these again, and tell.
    if (!this.#failed) tell_page(this.#parts.emitter, rows, results, refusals);
  }

  /** @param {number} interval_ms */
  #change_interval(interval_ms) {
    const { settings, queue } = this.#parts;
    // What is only in memory does not wait, whatever the relay would like.
    if (queue.stored === 'memory' || interval_ms === settings.interval_ms) return;
    this.#parts.settings = { ...settings, interval_ms };
    this.#fact((engine, now_ms) => engine.settings_changed(this.#parts.settings, now_ms));
  }

  /** @param {number[]} keys */
  async #bury(keys) {
    const { queue, clock } = this.#parts;
    const letters = keys.map((seq) => ({
      seq,
      reason: this.#refusals.get(seq)?.violations ?? null,
    }));
    for (const key of keys) this.#refusals.delete(key);
    await queue.bury(letters, clock.now_ms());
  }
}

/** @param {Row} row */
const entry_of = ({ seq, group, lane, bytes, attempts, next_at_ms }) => ({
  key: seq,
  group,
  lane,
  bytes,
  attempts,
  next_at_ms,
});
