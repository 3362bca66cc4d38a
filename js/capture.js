import { random_uuid } from './random.js';
import { WaypostError } from './waypost_error.js';

/** @import {Clock} from './clock.js' */
/** @import {Core} from './core.js' */
/** @import {NewRow, Queue, Row} from './queue.js' */

/** @typedef {Record<string, unknown>} Event  what a page says; docs/events.md has its grammar */

/** @typedef {{id: string, stored: 'disk' | 'memory'}} Captured */

// A course that loses one of these has lost what it is for: they wait for the disk itself.
const strict_verbs = new Set(
  ['completed', 'passed', 'failed', 'terminated'].map(
    (verb) => `http://adlnet.gov/expapi/verbs/${verb}`,
  ),
);

const utf8 = new TextEncoder();

/**
 * Makes the function that turns a page's event into a queued statement.
 * @param {object} parts
 * @param {Core} parts.core
 * @param {Queue} parts.queue
 * @param {Clock} parts.clock
 * @param {'1.0.3' | '2.0.0'} parts.version of xAPI
 * @param {() => string} parts.defaults_text what holds for all events of the page now, as JSON
 * @param {(row: Row) => void} parts.enqueued told of every row that is in the queue
 * @returns {(event: Event) => Promise<Captured>} The write begins before it returns. Rejects with a
 *   WaypostError when the event breaks a rule or cannot be stored.
 */
export function create_capture({ core, queue, clock, version, defaults_text, enqueued }) {
  return async (event) => {
    const now_ms = clock.now_ms();
    const completion = core.complete(text_of(event), {
      defaults: defaults_text(),
      id: random_uuid(),
      now_ms,
      version,
      unstamped: false,
    });
    if ('violations' in completion) {
      const [first] = completion.violations;
      throw new WaypostError('statement-invalid', `${first.path}: ${first.message}`, completion);
    }
    const { row, strict } = row_of(completion.statement, now_ms);
    const seq = await queue.append(row, strict);
    enqueued({ ...row, seq });
    return { id: row.id, stored: queue.stored };
  };
}

/** @param {Event} event */
function text_of(event) {
  try {
    return JSON.stringify(event) ?? 'null';
  } catch (cause) {
    throw new WaypostError('event-unreadable', 'The event cannot be written as JSON.', { cause });
  }
}

/**
 * @param {string} body a statement that the core completed and checked
 * @param {number} captured_ms
 * @returns {{row: NewRow, strict: boolean}}
 */
function row_of(body, captured_ms) {
  const statement = JSON.parse(body);
  return {
    row: {
      id: statement.id.toLowerCase(),
      kind: 'statement',
      body,
      bytes: utf8.encode(body).length,
      group: '',
      lane: statement.context?.registration ?? actor_identity(statement.actor),
      captured_ms,
      attempts: 0,
      next_at_ms: 0,
    },
    strict: strict_verbs.has(statement.verb.id) || statement.result?.score !== undefined,
  };
}

/** @param {Record<string, unknown>} actor */
function actor_identity({ mbox, mbox_sha1sum, openid, account, member }) {
  return JSON.stringify(mbox ?? mbox_sha1sum ?? openid ?? account ?? member);
}
