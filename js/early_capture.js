import { event_of, is_track } from './call.js';
import { event_row } from './captured_event.js';

import { page_defaults } from './page_defaults.js';
import { random_uuid, uuid_text } from './random.js';

/** @import {Journal} from './journal.js' */
/** @import {Call} from './call.js' */
/** @import {Defaults} from './page_defaults.js' */

/**
 * What the tracker takes over from the loader.
 * @typedef {object} Early
 * @property {Call[]} calls of the stub that wait for the tracker
 * @property {Journal | null} journal
 */

/**
 * Until the tracker has loaded, what a page tracks is kept in the journal at once, so that the page
 * may leave. What cannot be kept there, and all other calls, wait in `calls` for the tracker.
 * @param {Call[]} calls of the stub
 * @param {Journal | null} journal
 * @returns {Early}
 */
export function capture_early(calls, journal) {
  /** @type {Defaults} */
  let said = {};

  /** @param {Call} call @returns {boolean} whether it is done with */
  function take([name, args, [resolve], said_ms]) {
    if (journal === null) return false;
    const row = row_of(name, args, said_ms);
    if (row === null || journal.add(row) === null) return false;
    resolve({ id: row.id, stored: 'journal' });
    return true;
  }

  /** @param {string | undefined} name @param {any[]} args @param {number} said_ms */
  function row_of(name, args, said_ms) {
    try {
      if (name === 'defaults') said = { ...said, ...args[0] };
      if (!is_track(name)) return null;
      return event_row(event_of(name, args), {
        id: uuid_text(random_uuid()),
        captured_ms: said_ms,
        defaults: page_defaults(document, said),
      });
    } catch {
      return null; // Whatever the page's own objects throw: the tracker will say why.
    }
  }

  const receive = (/** @type {Call[]} */ ...later) =>
    Array.prototype.push.apply(
      calls,
      later.filter((call) => !take(call)),
    );
  calls.push = receive;
  receive(...calls.splice(0));
  return { calls, journal };
}
