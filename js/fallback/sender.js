import { tell_page } from '../delivery_news.js';
import { oldest_batch } from './oldest_batch.js';

/** @import {Clock} from '../clock.js' */
/** @import {Emitter} from '../event_emitter.js' */
/** @import {Reading} from '../post_answer.js' */
/** @import {Queue, Row} from '../queue.js' */
/** @import {TakeTurn} from '../sending_turn.js' */
/** @import {Post} from '../transport.js' */

const batch_count_max = 50;
// core/include/waypost/limits.hpp: kTrackerBackoffBaseMs, kBackoffMaxMs, kRetryAfterMaxMs.
const backoff_base_ms = 2000;
const backoff_max_ms = 300_000;
const retry_after_max_ms = 3_600_000;

/**
 * @typedef {object} Parts
 * @property {Queue} queue
 * @property {Post} post
 * @property {TakeTurn} take_turn
 * @property {Clock} clock
 * @property {Emitter} emitter
 * @property {() => number} random_uint32
 * @property {number} interval_ms
 * @property {() => boolean} outlive_page whether a request sent now should survive the page
 */

// Sends what waits where there is no engine to decide: one batch at a time, oldest first. Whether
// an event is good is for the relay to say.
export class FallbackSender {
  /** @type {number | undefined} */
  #timer;

  #sending = false;

  /** Whether rows came while it was looking for some. */
  #enqueued = false;

  #failures = 0;

  /** What the relay asked for with its last answer, and when that was. */
  #asked = { wait_ms: 0, at_ms: 0 };

  #count_max = batch_count_max;

  /** Rows that were refused without a word of why, while others have their turn. */
  #passed_over = new Set();

  /** @type {'outage' | 'blocked' | null} what the page was told */
  #trouble = null;

  #parts;

  /** @param {Parts} parts */
  constructor(parts) {
    this.#parts = parts;
  }

  /** Takes up what earlier pages left. */
  start() {
    this.#arm(0);
  }

  enqueued() {
    this.#enqueued = true;
    if (this.#timer === undefined) this.#arm(this.#parts.interval_ms);
  }

  flush() {
    const { wait_ms, at_ms } = this.#asked;
    const passed_ms = this.#parts.clock.now_ms() - at_ms;
    // A clock that was set back since then does not make it longer.
    this.#arm(wait_ms - Math.max(0, passed_ms));
  }

  /** The network, or the page, is back. */
  wake() {
    this.flush();
  }

  async look_for_more() {
    const { rows } = await this.#parts.queue.load(0, 1);
    if (rows.length > 0) this.enqueued();
  }

  /** @param {number} delay_ms */
  #arm(delay_ms) {
    if (this.#sending) return;
    const { clock } = this.#parts;
    clock.clear_timer(this.#timer);
    if (delay_ms > 0) this.#timer = clock.set_timer(() => void this.#run(), delay_ms);
    else void this.#run();
  }

  async #run() {
    const { clock } = this.#parts;
    this.#sending = true;
    clock.clear_timer(this.#timer);
    this.#timer = undefined;
    let delay_ms;
    try {
      delay_ms = await this.#parts.take_turn(() => this.#send_batch());
    } catch (error) {
      console.error('waypost: the queue in this browser failed.', error);
      delay_ms = this.#delay_after_failure(0);
    }
    this.#sending = false;
    if (delay_ms !== null) this.#arm(delay_ms);
    else if (this.#enqueued) this.#arm(this.#parts.interval_ms);
  }

  /** @returns {Promise<number | null>} when to come again; null: when there is something new */
  async #send_batch() {
    const { queue, post, outlive_page } = this.#parts;
    this.#enqueued = false;
    const { rows } = await queue.load(0, this.#count_max + this.#passed_over.size);
    const batch = oldest_batch(
      rows.filter((row) => !this.#passed_over.has(row.seq)),
      this.#count_max,
    );
    if (batch.length > 0) return this.#settle(batch, await post(batch, outlive_page()));
    if (this.#passed_over.size === 0) return null;
    this.#passed_over.clear();
    return this.#delay_after_failure(0);
  }

  /**
   * @param {Row[]} batch
   * @param {Reading} reading
   * @returns {Promise<number>} when to come again
   */
  async #settle(batch, { outcome, refusals, interval_ms }) {
    const { queue, clock, emitter } = this.#parts;
    const { results, status, retry_after_ms } = outcome;
    const asked_ms = Math.min(retry_after_ms ?? 0, retry_after_max_ms);
    this.#asked = { wait_ms: asked_ms, at_ms: clock.now_ms() };
    if (interval_ms !== null && queue.stored !== 'memory') this.#parts.interval_ms = interval_ms;
    if (results.length === 0) {
      this.#tell_trouble(trouble_of(status), status);
      return this.#fail(batch, status, asked_ms);
    }
    this.#tell_trouble(null, status);
    this.#failures = 0;
    this.#count_max = Math.min(this.#count_max * 2, batch_count_max);
    const reasons = new Map(refusals.map(({ key, violations }) => [key, violations]));
    const refused = results.filter(({ answer }) => answer === 'refused');
    const letters = refused.map(({ key }) => ({ seq: key, reason: reasons.get(key) ?? null }));
    if (letters.length > 0) await queue.bury(letters, clock.now_ms());
    await queue.remove(results.filter(({ answer }) => answer !== 'refused').map(({ key }) => key));
    tell_page(emitter, batch, results, refusals);
    return asked_ms;
  }

  /**
   * @param {Row[]} batch
   * @param {number} status
   * @param {number} asked_ms
   */
  #fail(batch, status, asked_ms) {
    // It may be the size, or one of them, that something on the way does not like.
    if (status === 400 || status === 413) {
      this.#count_max = Math.max(1, batch.length >> 1);
      if (batch.length > 1) return asked_ms;
      this.#passed_over.add(batch[0].seq);
    }
    return this.#delay_after_failure(asked_ms);
  }

  /** @param {number} asked_ms */
  #delay_after_failure(asked_ms) {
    const longest_ms = Math.min(backoff_max_ms, backoff_base_ms * 2 ** this.#failures);
    this.#failures += 1;
    return Math.max(asked_ms, (this.#parts.random_uint32() / 2 ** 32) * longest_ms);
  }

  /**
   * @param {'outage' | 'blocked' | null} condition
   * @param {number} status
   */
  #tell_trouble(condition, status) {
    const before = this.#trouble;
    this.#trouble = condition;
    if (before === condition) return;
    const { emitter } = this.#parts;
    if (before !== null) emitter.emit('blocked', { condition: before, raised: false, status });
    if (condition !== null) emitter.emit('blocked', { condition, raised: true, status });
  }
}

/**
 * Whether waiting will help, or a person must look.
 * @param {number} status
 */
const trouble_of = (status) =>
  status >= 400 && status <= 499 && ![408, 413, 425, 429].includes(status) ? 'blocked' : 'outage';
