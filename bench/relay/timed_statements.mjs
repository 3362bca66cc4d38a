// Statements that a bench follows from the relay's answer to their arrival at an LRS.
import { randomUUID } from 'node:crypto';

const filler = 'How many compressions a minute does an adult need? '.repeat(10);

/** Plausible ones of about 1 KB, as an array. @param {number} count */
export function statementsOf(count) {
  const ids = Array.from({ length: count }, () => randomUUID());
  const body = ids.map((id) =>
    JSON.stringify({
      id,
      actor: { account: { homePage: 'https://school.example', name: `learner-${id.slice(0, 2)}` } },
      verb: { id: 'http://adlnet.gov/expapi/verbs/answered' },
      object: {
        id: 'https://school.example/quiz',
        definition: { description: { en: filler } },
      },
      timestamp: new Date().toISOString(),
    }),
  );
  return { ids, body: `[${body.join(',')}]` };
}

/** Times from acceptance to arrival. */
export class Delays {
  /** @type {Map<string, number>} */
  #accepted = new Map();

  /** @param {string} id @param {number} at */
  accepted(id, at) {
    this.#accepted.set(id, at);
  }

  ids() {
    return Array.from(this.#accepted.keys());
  }

  /** @param {Map<string, number>} arrivals of all of them */
  quantiles(arrivals) {
    const sorted = Array.from(this.#accepted, ([id, at]) => (arrivals.get(id) ?? NaN) - at);
    sorted.sort((a, b) => a - b);
    const at = (/** @type {number} */ share) => sorted[Math.floor((sorted.length - 1) * share)];
    const text =
      `delay p50 ${at(0.5).toFixed(0)} ms, p99 ${at(0.99).toFixed(0)} ms, ` +
      `max ${at(1).toFixed(0)} ms, of ${sorted.length}`;
    return { p99: at(0.99), text };
  }
}
