import { captured_of, json_text } from './captured_event.js';
import { random_uuid, uuid_bytes } from './random.js';
import { utf8_bytes } from './utf8.js';
import { WaypostError } from './waypost_error.js';

/** @import {Core} from './core.js' */
/** @import {Defaults} from './page_defaults.js' */
/** @import {NewRow} from './queue.js' */

/** @typedef {{row: NewRow, strict: boolean}} Completed  `strict`: it waits for the disk itself */

/**
 * What turns events into rows. Throws a WaypostError where the event breaks a rule.
 * @typedef {object} Completion
 * @property {(event: unknown, defaults: Defaults, captured_ms: number) => Completed} complete
 *   `defaults` hold for all events of the page
 * @property {(row: NewRow) => Completed} complete_row of either kind
 */

// A course that loses one of these has lost what it is for.
const strict_verbs = new Set(['completed', 'passed', 'failed', 'terminated']);
const verb_prefix = 'http://adlnet.gov/expapi/verbs/';

/**
 * @param {unknown} verb its word or IRI
 * @param {unknown} score
 */
export const is_strict = (verb, score) =>
  strict_verbs.has(String(verb).replace(verb_prefix, '')) || score !== undefined;

/**
 * Makes what turns events into rows of completed and checked statements.
 * @param {Core} core
 * @param {'1.0.3' | '2.0.0'} version of xAPI
 * @returns {Completion} throws a CoreError when the core fails
 */
export function create_completion(core, version) {
  /**
   * @param {unknown} event
   * @param {Defaults} defaults
   * @param {number} captured_ms
   * @param {Uint8Array} id for an event that has none
   */
  function complete(event, defaults, captured_ms, id) {
    const completion = core.complete(json_text(event), {
      defaults: json_text(defaults),
      id,
      now_ms: captured_ms,
      version,
      unstamped: false,
    });
    if ('violations' in completion) {
      const [first] = completion.violations;
      const where = first.path && `${first.path}: `;
      throw new WaypostError('statement-invalid', where + first.message, completion);
    }
    return completed(completion.statement, captured_ms);
  }

  return {
    complete: (event, defaults, captured_ms) =>
      complete(event, defaults, captured_ms, random_uuid()),

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
    strict: is_strict(statement.verb.id, statement.result?.score),
  };
}

/** @param {Record<string, unknown>} actor */
function actor_identity({ mbox, mbox_sha1sum, openid, account, member }) {
  return JSON.stringify(mbox ?? mbox_sha1sum ?? openid ?? account ?? member);
}
