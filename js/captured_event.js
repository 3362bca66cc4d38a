// What a page said while there was no core to complete it: the event as it was said, and what it
// would have been completed by. As JSON text this is the body of a row of kind 'event', and an
// entry of a request of kind "events" to the relay, which completes it as the core would have.
import { utf8_bytes } from './utf8.js';
import { WaypostError } from './waypost_error.js';

/** @import {Defaults} from './page_defaults.js' */
/** @import {NewRow} from './queue.js' */

/**
 * @typedef {object} CapturedEvent
 * @property {string} id of the statement to be, lower case; the event's own if it has one
 * @property {number} captured_ms when the page said it
 * @property {unknown} event
 * @property {Defaults} defaults what held for all events of the page; the actor is added when it
 *   is known
 */

/**
 * @param {unknown} event
 * @param {{id: string, captured_ms: number, defaults: Defaults}} context `id` for an event that has
 *   none
 * @returns {NewRow}
 */
export function event_row(event, { id, captured_ms, defaults }) {
  const own_id = /** @type {{id?: unknown} | null | undefined} */ (event)?.id;
  const captured = {
    // Completion takes what is empty for absent.
    id: typeof own_id === 'string' && own_id !== '' ? own_id.toLowerCase() : id,
    captured_ms,
    event: event ?? null,
    defaults,
  };
  return row_of(captured, json_text(captured));
}

/**
 * The same row for a page that knows now who the learner is. Any page of this browser makes the
 * same of it.
 * @param {NewRow} row of kind 'event'
 * @param {unknown} actor
 * @returns {NewRow}
 */
export function with_actor(row, actor) {
  const captured = captured_of(row);
  const stamped = { ...captured, defaults: { actor, ...captured.defaults } };
  return row_of(stamped, JSON.stringify(stamped));
}

/**
 * @param {NewRow} row of kind 'event'
 * @returns {CapturedEvent}
 */
export const captured_of = (row) => JSON.parse(row.body);

/**
 * @param {CapturedEvent} captured
 * @param {string} body
 * @returns {NewRow}
 */
const row_of = ({ id, captured_ms }, body) => ({
  id,
  kind: 'event',
  body,
  bytes: utf8_bytes(body),
  group: 'events',
  lane: '',
  captured_ms,
  attempts: 0,
  next_at_ms: 0,
});

/** @param {unknown} value what a page gave us */
export function json_text(value) {
  try {
    return JSON.stringify(value) ?? 'null';
  } catch (cause) {
    throw new WaypostError('event-unreadable', 'The event cannot be written as JSON.', { cause });
  }
}
