import { create_completion } from './completion.js';
import { CoreError } from './core.js';
import { Driver } from './driver.js';
import { raw_completion } from './fallback/raw_completion.js';
import { FallbackSender } from './fallback/sender.js';
import { random_uint32 } from './random.js';

/** @import {Clock} from './clock.js' */
/** @import {Completed, Completion} from './completion.js' */
/** @import {Core, Settings} from './core.js' */
/** @import {Emitter} from './event_emitter.js' */
/** @import {NewRow, Queue, Row} from './queue.js' */
/** @import {Post} from './transport.js' */

// core/include/waypost/limits.hpp; the batch leaves room for what surrounds it in a request.
const batch_count_max = 100;
const batch_count_soon = 20;
const batch_bytes_max = 500 * 1024;
const backoff_base_ms = 2000;

/**
 * What brings the queue to the relay: by the core's engine, or by the fallback.
 * @typedef {object} Sender
 * @property {() => void} start
 * @property {(row: Row) => void} enqueued
 * @property {() => void} flush
 * @property {() => void} wake
 */

/**
 * @typedef {object} Parts
 * @property {Queue} queue
 * @property {Post} post
 * @property {Clock} clock
 * @property {Emitter} emitter
 * @property {number} interval_ms
 * @property {'1.0.3' | '2.0.0'} version of xAPI
 * @property {() => boolean} outlive_page
 */

/**
 * The way of events from the page to the relay. Until the core is there, and where it cannot run,
 * they are kept as they are; what was kept so stays so.
 * @implements {Completion}
 */
export class Tracking {
  /** @type {Completion} */
  #completion = raw_completion;

  /** @type {Sender | null} null until it is known who sends */
  #sender = null;

  #is_without_core = false;

  #is_sending = false;

  #parts;

  /** @param {Parts} parts */
  constructor(parts) {
    this.#parts = parts;
  }

  /** @param {Core} core */
  use_core(core) {
    const { interval_ms, version, ...parts } = this.#parts;
    /** @type {Settings} */
    const settings = {
      hop: 'relay',
      interval_ms,
      batch_count_max,
      batch_count_soon,
      batch_bytes_max,
      backoff_base_ms,
    };
    // The seed: not all learners of a course shall retry in the same moment.
    const engine = core.createEngine(settings, random_uint32());
    const failed = (/** @type {unknown} */ error) => this.do_without_core(error);
    this.#completion = create_completion(core, version);
    this.#send_by(new Driver({ ...parts, engine, settings, failed }));
  }

  /** @param {unknown} reason */
  do_without_core(reason) {
    if (this.#is_without_core) return;
    this.#is_without_core = true;
    console.info('waypost: the core does not run here; the relay does its work.', reason);
    this.#completion = raw_completion;
    this.#send_by(new FallbackSender({ ...this.#parts, random_uint32 }));
  }

  /** Sends from now on what waits and what comes, as soon as it is known how. */
  start_sending() {
    this.#is_sending = true;
    this.#sender?.start();
  }

  /** @type {Completion['complete']} */
  complete(event, defaults, captured_ms) {
    return this.#by_core_or_without((way) => way.complete(event, defaults, captured_ms));
  }

  /** @type {Completion['complete_row']} */
  complete_row(row) {
    return this.#by_core_or_without((way) => way.complete_row(row));
  }

  /**
   * The write begins before it returns.
   * @param {NewRow} row
   * @param {boolean} strict
   */
  async keep(row, strict) {
    const { queue } = this.#parts;
    const seq = await queue.append(row, strict);
    this.#sender?.enqueued({ ...row, seq });
    return queue.stored;
  }

  flush() {
    this.#sender?.flush();
  }

  wake() {
    this.#sender?.wake();
  }

  /** @param {Sender} sender */
  #send_by(sender) {
    this.#sender = sender;
    if (this.#is_sending) sender.start();
  }

  /** @param {(way: Completion) => Completed} complete */
  #by_core_or_without(complete) {
    try {
      return complete(this.#completion);
    } catch (error) {
      if (!(error instanceof CoreError)) throw error;
      this.do_without_core(error);
      return complete(this.#completion);
    }
  }
}
