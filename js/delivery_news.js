/** @import {Outcome} from './core.js' */
/** @import {Emitter} from './event_emitter.js' */
/** @import {Refusal} from './post_answer.js' */
/** @import {Row} from './queue.js' */

/**
 * Tells a page what the relay said of its rows.
 * @param {Emitter} emitter
 * @param {Row[]} rows that were sent
 * @param {Outcome['results']} results
 * @param {Refusal[]} refusals
 */
export function tell_page(emitter, rows, results, refusals) {
  const stored = new Set(results.filter((r) => r.answer === 'stored').map((r) => r.key));
  const ids = rows.filter((row) => stored.has(row.seq)).map((row) => row.id);
  if (ids.length > 0) emitter.emit('delivered', { ids });
  for (const { id, kept, violations } of refusals) {
    const message = 'The relay refused it.';
    // Of an event that nobody checked before this is the first that its author hears.
    console.warn('waypost:', message, id, violations);
    emitter.emit('rejected', { id, code: 'refused', message, kept, violations });
  }
}
