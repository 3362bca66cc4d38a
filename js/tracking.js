import { page_clock } from './clock.js';
import { create_completion } from './completion.js';
import { CoreError } from './core.js';
import { Driver } from './driver.js';
import { raw_completion } from './fallback/raw_completion.js';
import { random_uint32 } from './random.js';
import { fetch_seldom_needed } from './seldom_needed.js';

/** @import {Completed, Completion} from './completion.js' */
/** @import {Core} from './core.js' */
/** @import {Line} from './line.js' */

// core/include/waypost/limits.hpp; the batch leaves room for what surrounds it in a request.
const batch_count_max = 100;
const batch_count_soon = 20;
const batch_bytes_max = 500 * 1024;
const backoff_base_ms = 2000;

/**
 * Who completes events and who sends them. Until the core is there, and where it cannot run, events
 * are kept as they are; what was kept so stays so.
 * @implements {Completion}
 */
export class Tracking {
  /** @type {Completion} */
  #completion = raw_completion;

  #is_without_core = false;

  #lines;

  #version;

  /**
   * @param {Line[]} lines
   * @param {'1.0.3' | '2.0.0'} version of xAPI
   */
  constructor(lines, version) {
    this.#lines = lines;
    this.#version = version;
  }

  /** @param {Core} core */
  use_core(core) {
    const failed = (/** @type {unknown} */ error) => this.do_without_core(error);
    this.#completion = create_completion(core, this.#version);
    for (const line of this.#lines) {
      line.send_by(({ interval_ms, ...parts }) => {
        const settings = {
          hop: /** @type {const} */ ('relay'),
          interval_ms,
          batch_count_max,
          batch_count_soon,
          batch_bytes_max,
          backoff_base_ms,
        };
        // The seed: not all learners of a course shall retry in the same moment.
        const engine = core.create_engine(settings, random_uint32());
        return new Driver({ ...parts, engine, settings, failed });
      });
    }
  }

  /** @param {unknown} reason */
  do_without_core(reason) {
    if (this.#is_without_core) return;
    this.#is_without_core = true;
    console.info('waypost: the core does not run here.', reason);
    this.#completion = raw_completion;
    void fetch_seldom_needed(page_clock).then(({ FallbackSender }) => {
      for (const line of this.#lines) {
        line.send_by((parts) => new FallbackSender({ ...parts, random_uint32 }));
      }
    });
  }

  /** @type {Completion['complete']} */
  complete(event, defaults, captured_ms) {
    return this.#by_core_or_without((way) => way.complete(event, defaults, captured_ms));
  }

  /** @type {Completion['complete_row']} */
  complete_row(row) {
    return this.#by_core_or_without((way) => way.complete_row(row));
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
