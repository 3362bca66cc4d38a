// Statements as a page of an open course may send them, so that a relay has nothing to add.
import { randomUUID } from 'node:crypto';

export const course_origin = 'https://courses.example.org';

const verbs = 'http://adlnet.gov/expapi/verbs/';

/** The verb of statements that an LRS is ordered to choke on. */
export const poison_verb = `${verbs}failed`;
export const other_poison_verb = `${verbs}terminated`;
const wholesome_verb = `${verbs}answered`;

/** @typedef {{id: string, text: string, verb: string}} Statement */

/**
 * The spacing, the escapes and the spelling of numbers are there to be kept.
 * @param {{id?: string, verb?: string, registration?: string, object?: string, padding?: number}}
 *   settings
 * @returns {Statement}
 */
export function statement({
  id = randomUUID(),
  verb = wholesome_verb,
  registration = randomUUID(),
  object = 'https://example.org/course/quiz/1',
  padding = 0,
} = {}) {
  const home_page = `${course_origin}/waypost/self-declared`;
  const text = `{ "id": "${id}", "timestamp":"2026-03-01T10:00:00.000Z",
  "actor": {"account": {"homePage": "${home_page}", "name": "learner"}},
  "verb": {"id": "${verb}", "display": {"en": "answ\\u0065red"}},
  "object": {"id":"${object}", "definition": {"name": {"en": "Quiz ü${'x'.repeat(padding)}"}}},
  "context":{ "registration": "${registration}" },
  "result":{ "score": {"scaled": 0.80, "raw": 8.0, "min": 0, "max": 1e1} } }`;
  return { id, text, verb };
}

/** @param {number} count @param {Parameters<typeof statement>[0]} settings of each */
export const statements = (count, settings = {}) =>
  Array.from({ length: count }, () => statement(settings));

/**
 * So many statements, those at the given places with the poisoned verb.
 * @param {number} count @param {number[]} bad
 */
export const statements_with_bad = (count, bad, verb = poison_verb) =>
  Array.from({ length: count }, (_, index) =>
    bad.includes(index) ? statement({ verb }) : statement(),
  );
