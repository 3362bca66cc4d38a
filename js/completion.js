import { captured_of, json_text } from './captured_event.js';
import { random_uuid, uuid_bytes } from './random.js';
import { utf8_bytes } from './utf8.js';
import { WaypostError } from './waypost_error.js';

/** @import {Core} from './core.js' */
/** @import {Defaults} from './page_defaults.js' */
/** @import {NewRow} from './queue.js' */

/** @typedef {{row: NewRow, strict: boolean}} Completed  `strict`: it waits for the disk itself */

// A course that loses one of these has lost what it is for.
const strict_verbs = new Set(
  ['completed', 'passed', 'failed', 'terminated'].map(
    (verb) => `http://adlnet.gov/expapi/verbs/${verb}`,
  ),
);

/**
 * Makes the functions that turn events into rows of completed and checked statements. They throw a
 * WaypostError where the event breaks a rule.
 * @param {Core} core
 * @param {'1.0.3' | '2.0.0'} version of xAPI
 */
export function create_completion(core, version) {
  /**
   * @param {unknown} event
   * @param {Defaults} defaults what holds for all events of the page
   * @param {number} captured_ms
   * @param {Uint8Array} [id] for an event that has none
   * @returns {Completed}
   */
  function complete(event, defaults, captured_ms, id = random_uuid()) {
    const completion = core.complete(json_text(event), {
      defaults: json_text(defaults),
      id,
      now_ms: captured_ms,
      version,
      unstamped: false,
    });
    if ('violations' in completion) {
      const [first] = completion.violations;
      throw new WaypostError('statement-invalid', `${first.path}: ${first.message}`, completion);
    }
    return completed(completion.statement, captured_ms);
  }

  return {
    complete,

    /**
     * @param {NewRow} row of either kind
     * @returns {Completed}
     */
    complete_row(row) {
      if (row.kind === 'statement') return completed(row.body, row.captured_ms);
      const { event, defaults, captured_ms, id } = captured_of(row);
      return complete(event, defaults, captured_ms, uuid_bytes(id));
    },
  };
}

/**
 * @param {string} body a statement that the core completed and checked
 * @param {number} captured_ms
 * @returns {Completed}
 */
function completed(body, captured_ms) {
  const statement = JSON.parse(body);
  return {
    row: {
      id: statement.id.toLowerCase(),
      kind: 'statement',
      body,
      bytes: utf8_bytes(body),
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
