/** @import {Event} from './capture.js' */

/**
 * A call on `window.waypost`, as the stub hands it over: the method's name (none for `waypost(...)`
 * itself), the arguments, how to settle the promise that the caller holds, and when it was made.
 * @typedef {[string | undefined, any[], [(value: unknown) => void, (error: unknown) => void],
 *   number]} Call
 */

/** @param {string | undefined} name */
export const is_track = (name) => name === undefined || name === 'track';

/**
 * What a call of `waypost()` or `waypost.track()` says.
 * @param {string | undefined} name
 * @param {any[]} args
 * @returns {Event}
 */
export const event_of = (name, args) =>
  name === undefined ? { ...args[1], verb: args[0] } : args[0];
