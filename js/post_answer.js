// Reads the relay's answer to /post; tests/fixtures/post_protocol.json shows one.

/** @import {Outcome, Violation} from './core.js' */

/** @typedef {{key: number, id: string, kept: boolean, violations: Violation[]}} Refusal */

/**
 * @typedef {object} Reading
 * @property {Outcome} outcome
 * @property {Refusal[]} refusals what the relay said of the entries it refused
 * @property {number | null} server_ms the relay's clock when it answered
 * @property {number | null} interval_ms how often it wants to hear from this page
 */

/**
 * Only an answer with status 200, type JSON, and the nonce that was sent speaks of entries: a login
 * page or a captive portal that answers 200 does not. Entries that it does not list are not stored.
 * @param {{status: number, json: unknown, retry_after: string | null, now_ms: number}} answer
 *   `json` is undefined where the body is not JSON
 * @param {{nonce: string, entries: {key: number, id: string}[]}} request
 * @returns {Reading}
 */
export function read_answer({ status, json, retry_after, now_ms }, { nonce, entries }) {
  /** @type {Outcome} */
  const outcome = {
    status,
    failure: 'none',
    retry_after_ms: retry_after === null ? null : retry_after_ms(retry_after, now_ms),
    extent: 'none',
    results: [],
  };
  const said = object_of(json);
  if (status !== 200 || said.nonce !== nonce) {
    return { outcome, refusals: [], server_ms: null, interval_ms: null };
  }
  const results = new Map(
    ids_of(said.accepted, said.duplicate).flatMap((id) =>
      keys_of(entries, id).map((key) => [key, stored(key)]),
    ),
  );
  const refusals = list_of(said.rejected).flatMap((item) => refusal_of(object_of(item), entries));
  for (const { key, kept } of refusals) {
    if (!results.has(key)) results.set(key, { key, answer: kept ? 'kept' : 'refused' });
  }
  outcome.extent = 'per-entry';
  outcome.results = [...results.values()];
  outcome.retry_after_ms ??= positive(said.retry_after_ms);
  return {
    outcome,
    refusals: refusals.filter(({ key }) => results.get(key)?.answer !== 'stored'),
    server_ms: positive(said.server_ms),
    interval_ms: positive(said.interval_ms),
  };
}

/**
 * RFC 9110 section 10.2.3: seconds, or a date.
 * @param {string} text
 * @param {number} now_ms
 * @returns {number | null} null for anything else
 */
export function retry_after_ms(text, now_ms) {
  if (/^\s*\d{1,15}\s*$/.test(text)) return Number(text) * 1000;
  const date_ms = /[a-z]/i.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(date_ms) ? null : Math.max(0, date_ms - now_ms);
}

/**
 * @param {number} key
 * @returns {Outcome['results'][number]}
 */
const stored = (key) => ({ key, answer: 'stored' });

/**
 * The relay may have had no id to name: then it names the place in the request.
 * @param {Record<string, unknown>} item
 * @param {{key: number, id: string}[]} entries
 * @returns {Refusal[]}
 */
function refusal_of(item, entries) {
  const at = typeof item.index === 'number' ? entries[item.index] : undefined;
  const keys =
    typeof item.id === 'string'
      ? ids_of([item.id]).flatMap((id) => keys_of(entries, id))
      : at === undefined
        ? []
        : [at.key];
  const violations = /** @type {Violation[]} */ (list_of(item.violations));
  return keys.map((key) => ({
    key,
    id: entries.find((entry) => entry.key === key)?.id ?? '',
    kept: item.kept === true,
    violations,
  }));
}

/**
 * @param {{key: number, id: string}[]} entries
 * @param {string} id
 */
const keys_of = (entries, id) =>
  entries.filter((entry) => entry.id === id).map((entry) => entry.key);

/**
 * UUIDs are equal whatever their case.
 * @param {unknown[]} lists
 * @returns {string[]}
 */
const ids_of = (...lists) =>
  lists
    .flatMap(list_of)
    .filter((id) => typeof id === 'string')
    .map((id) => id.toLowerCase());

/** @param {unknown} value @returns {unknown[]} */
const list_of = (value) => (Array.isArray(value) ? value : []);

/** @param {unknown} value @returns {Record<string, unknown>} */
const object_of = (value) =>
  typeof value === 'object' && value !== null ? /** @type {Record<string, unknown>} */ (value) : {};

/** @param {unknown} value */
const positive = (value) =>
  typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : null;

/**
 * @param {'timeout' | 'network'} failure
 * @returns {Reading}
 */
export function no_answer(failure) {
  return {
    outcome: { status: 0, failure, retry_after_ms: null, extent: 'none', results: [] },
    refusals: [],
    server_ms: null,
    interval_ms: null,
  };
}

/** Of a batch that had nothing left in it. @type {Reading} */
export const nothing_was_left = {
  outcome: { status: 200, failure: 'none', retry_after_ms: null, extent: 'per-entry', results: [] },
  refusals: [],
  server_ms: null,
  interval_ms: null,
};
