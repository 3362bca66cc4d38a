import { captured_of, event_row } from '../captured_event.js';
import { is_strict } from '../completion.js';
import { random_uuid, uuid_text } from '../random.js';
import { WaypostError } from '../waypost_error.js';

/** @import {Completed, Completion} from '../completion.js' */
/** @import {NewRow} from '../queue.js' */

// core/include/waypost/limits.hpp: kStatementBytesMax, kJsonDepthMax.
const event_bytes_max = 256 * 1024;
const json_depth_max = 64;

/**
 * What stands in for completion without a core: events stay as they are, for the relay to complete.
 * @type {Completion}
 */
export const raw_completion = {
  complete: (event, defaults, captured_ms) =>
    kept(event_row(event, { id: uuid_text(random_uuid()), captured_ms, defaults })),

  complete_row: (row) => (row.kind === 'event' ? kept(row) : { row, strict: true }),
};

/**
 * Refuses only what would keep the relay from reading what it comes with.
 * @param {NewRow} row of kind 'event'
 * @returns {Completed}
 */
function kept(row) {
  if (row.bytes > event_bytes_max) {
    throw refusal('event.too-large', `An event may have ${event_bytes_max} bytes; this has more.`);
  }
  const event = /** @type {any} */ (captured_of(row).event);
  if (!is_flat(event, json_depth_max)) {
    throw refusal('json.depth', 'Nest fewer objects and arrays; it is too deep.');
  }
  const verb = event?.verb?.id ?? event?.verb;
  return { row, strict: is_strict(verb, event?.score ?? event?.result?.score) };
}

/**
 * @param {unknown} value
 * @param {number} depth_max
 * @returns {boolean}
 */
const is_flat = (value, depth_max) =>
  typeof value !== 'object' ||
  value === null ||
  (depth_max > 0 && Object.values(value).every((inner) => is_flat(inner, depth_max - 1)));

/**
 * @param {string} rule
 * @param {string} message
 */
const refusal = (rule, message) =>
  new WaypostError('statement-invalid', message, { violations: [{ path: '', rule, message }] });
