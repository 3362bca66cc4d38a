import { CoreError } from './core.js';
import { WaypostError } from './waypost_error.js';

/** @import {Captured, Event} from './capture.js' */
/** @import {Emitter} from './event_emitter.js' */
/** @import {Defaults} from './page_defaults.js' */

/**
 * A call on `window.waypost`, as the stub hands it over: the method's name (none for `waypost(...)`
 * itself), the arguments, and how to settle the promise that the caller holds.
 * @typedef {[string | undefined, any[], [(value: unknown) => void, (error: unknown) => void]]} Call
 */

/** @typedef {(event: Event) => Promise<Captured>} Track */

/**
 * What `window.waypost` does; docs/authors.md describes it.
 * @param {object} parts
 * @param {Track} parts.track
 * @param {Emitter} parts.emitter
 * @param {(defaults: Defaults) => void} parts.defaults
 * @param {() => void} parts.flush
 * @param {() => Promise<number>} parts.pending
 * @returns {(call: Call) => void} performs one call
 */
export function create_page_api({ track, emitter, defaults, flush, pending }) {
  /** @param {Event} event */
  async function track_and_tell(event) {
    try {
      return await track(event);
    } catch (error) {
      if (error instanceof WaypostError || error instanceof CoreError) tell(error, event, emitter);
      throw error;
    }
  }

  /** @type {Map<string | undefined, (...args: any[]) => unknown>} */
  const methods = new Map(
    Object.entries({
      track: track_and_tell,
      on: emitter.on,
      off: emitter.off,
      defaults,
      flush,
      pending,
    }),
  );
  methods.set(undefined, (verb, event) => track_and_tell({ ...event, verb }));

  return ([name, args, [resolve, reject]]) => {
    const method = /** @type {(...args: any[]) => unknown} */ (methods.get(name));
    const result = new Promise((settle) => settle(method(...args)));
    result.then(resolve, (error) => {
      // The stub's promise does not complain when nobody looks at it; the console does.
      console.warn('waypost:', error, ...args);
      reject(error);
    });
  };
}

/**
 * @param {WaypostError | CoreError} error
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
