import { event_of, is_track } from '../call.js';

/** @import {Call} from '../call.js' */
/** @import {Record} from './record.js' */

/**
 * Tells the record of every event that the page reports, and of what its promise says.
 * @param {Call[]} calls of the stub
 * @param {Record} record
 */
export function listen_to_calls(calls, record) {
  /** @param {Call} call */
  function listen([name, args, settle, said_ms]) {
    if (!is_track(name)) return;
    const event = event_of(name, args);
    const [resolve, reject] = settle;
    settle[0] = (captured) => {
      record.captured(event, said_ms, /** @type {any} */ (captured));
      resolve(captured);
    };
    settle[1] = (error) => {
      record.refused(event, said_ms, /** @type {any} */ (error));
      reject(error);
    };
  }

  const { push } = calls;
  calls.push = (...later) => {
    later.forEach(listen);
    return push.apply(calls, later);
  };
  calls.forEach(listen);
}
