import { event_of, is_track } from './call.js';
import { WaypostError } from './waypost_error.js';

/** @import {Call} from './call.js' */
/** @import {Captured, Event} from './capture.js' */
/** @import {Emitter} from './event_emitter.js' */
/** @import {Defaults} from './page_defaults.js' */

/** @typedef {(event: Event, said_ms: number) => Promise<Captured>} Track */

/**
 * What `window.waypost` does; docs/authors.md describes it.
 * @param {object} parts
 * @param {Track} parts.track
 * @param {Emitter} parts.emitter
 * @param {(defaults: Defaults) => void} parts.defaults
 * @param {() => Promise<void>} parts.flush
 * @param {() => Promise<number>} parts.pending
 * @returns {(call: Call) => void} performs one call
 */
export function create_page_api({ track, emitter, defaults, flush, pending }) {
  /** @param {Event} event @param {number} said_ms */
  async function track_and_tell(event, said_ms) {
    try {
      return await track(event, said_ms);
    } catch (error) {
      if (error instanceof WaypostError) tell(error, event, emitter);
      throw error;
    }
  }

  /** @type {Record<string, (...args: any[]) => unknown>} */
  const methods = { on: emitter.on, off: emitter.off, defaults, flush, pending };

  /** @param {Call} call */
  const perform = ([name, args, , said_ms]) =>
    is_track(name)
      ? track_and_tell(event_of(name, args), said_ms)
      : methods[/** @type {string} */ (name)](...args);

  return (call) => {
    const [, args, [resolve, reject]] = call;
    const result = new Promise((settle) => settle(perform(call)));
    result.then(resolve, (error) => {
      // The stub's promise does not complain when nobody looks at it; the console does.
      console.warn('waypost:', error, ...args);
      reject(error);
    });
  };
}

/**
 * @param {WaypostError} error
 * @param {Event} event
 * @param {Emitter} emitter
 */
function tell({ code, message, violations }, event, emitter) {
  const id = typeof event?.id === 'string' ? event.id : null;
  emitter.emit('rejected', { id, code, message, violations, kept: false });
}

/**
 * Performs what a page called before the tracker was there, in order, and from now on each call as
 * it is made.
 * @param {Call[]} calls of the stub
 * @param {(call: Call) => void} perform
 */
export function take_over(calls, perform) {
  calls.push = (...later) => {
    later.forEach(perform);
    return 0;
  };
  calls.splice(0).forEach(perform);
}
