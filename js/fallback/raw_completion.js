import { captured_of, event_row } from '../captured_event.js';
import { is_strict } from '../completion.js';
import { random_uuid, uuid_text } from '../random.js';
import { WaypostError } from '../waypost_error.js';

/** @import {Completed, Completion} from '../completion.js' */
/** @import {NewRow} from '../queue.js' */

// core/include/waypost/limits.hpp: kStatementBytesMax.
const event_bytes_max = 256 * 1024;

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
 * @param {NewRow} row of kind 'event'
 * @returns {Completed}
 */
function kept(row) {
  // Larger, it would hold up what waits behind it.
  if (row.bytes > event_bytes_max) throw too_large();
  const event = /** @type {any} */ (captured_of(row).event);
  const verb = event?.verb?.id ?? event?.verb;
  return { row, strict: is_strict(verb, event?.score ?? event?.result?.score) };
}

function too_large() {
  const message = `An event may have ${event_bytes_max} bytes; this one has more.`;
  const violations = [{ path: '', rule: 'event.too-large', message }];
  return new WaypostError('statement-invalid', message, { violations });
}
