// What a statement or an event is about, in the words of its author.

/** @import {NewRow} from '../queue.js' */

/** @typedef {{verb: string, about: string, text: string}} Summary  `text`: all of it, as JSON */

/** @param {NewRow} row @returns {Summary} */
export function summary_of_row(row) {
  const body = parsed(row.body);
  return summary_of_event(row.kind === 'event' ? body?.event : body);
}

/**
 * @param {unknown} event what a page gave us, or a statement
 * @returns {Summary}
 */
export function summary_of_event(event) {
  const { verb, object } = /** @type {any} */ (event ?? {});
  return {
    verb: first_text(verb?.display) ?? last_part(words_of(verb?.id ?? verb)),
    about: name_of(object),
    text: pretty(event),
  };
}

/** @param {any} object */
function name_of(object) {
  const name = object?.name ?? object?.definition?.name;
  if (typeof name === 'string') return name;
  return first_text(name) ?? words_of(object?.id ?? object);
}

/** @param {unknown} map from languages to texts */
function first_text(map) {
  if (typeof map !== 'object' || map === null) return undefined;
  return Object.values(map).find((text) => typeof text === 'string');
}

/** @param {unknown} value */
const words_of = (value) => (typeof value === 'string' ? value : '');

/** @param {string} iri */
const last_part = (iri) => iri.slice(iri.lastIndexOf('/') + 1);

/** @param {string} text @returns {any} */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** @param {unknown} value */
function pretty(value) {
  try {
    return JSON.stringify(value, null, 2) ?? '';
  } catch (error) {
    return `It cannot be written as JSON: ${error}`;
  }
}
