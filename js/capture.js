import { with_actor } from './captured_event.js';
import { WaypostError } from './waypost_error.js';

/** @import {Completion} from './completion.js' */
/** @import {Emitter} from './event_emitter.js' */
/** @import {Journal, JournalEntry} from './journal.js' */
/** @import {Defaults} from './page_defaults.js' */
/** @import {create_storage} from './storage.js' */

/** @typedef {Record<string, unknown>} Event  what a page says; docs/events.md has its grammar */

/** @typedef {'disk' | 'journal' | 'memory'} Stored */

/** @typedef {{id: string, stored: Stored}} Captured */

/**
 * Makes what turns a page's events into queued statements.
 * @param {object} parts
 * @param {Completion} parts.completion
 * @param {unknown} parts.actor of events that name none
 * @param {() => Defaults} parts.defaults what else holds for all events of the page now
 * @param {ReturnType<typeof create_storage>} parts.storage
 * @param {Journal | null} parts.journal
 * @param {Emitter} parts.emitter
 */
export function create_capture({ completion, actor, defaults, storage, journal, emitter }) {
  /**
   * The write begins before it returns. Rejects with a WaypostError when the event breaks a rule or
   * cannot be stored.
   * @param {Event} event
   * @param {number} said_ms
   * @returns {Promise<Captured>}
   */
  async function track(event, said_ms) {
    const { row, strict } = completion.complete(event, { actor, ...defaults() }, said_ms);
    return { id: row.id, stored: await storage.keep(row, strict) };
  }

  /**
   * Moves an entry of the journal, of this page or another, to the queue. What cannot be moved
   * stays where it is.
   * @param {JournalEntry} entry
   * @returns {Promise<void>} never rejects
   */
  async function take_over(entry) {
    const { row } = entry;
    try {
      const { row: statement, strict } = completion.complete_row(
        row.kind === 'event' ? with_actor(row, actor) : row,
      );
      await storage.keep_journaled(entry, statement, strict);
    } catch (error) {
      console.warn('waypost:', error, row.body);
      if (!(error instanceof WaypostError) || error.code !== 'statement-invalid') return;
      const { code, message, violations } = error;
      emitter.emit('rejected', { id: row.id, code, message, violations, kept: false });
      journal?.remove(entry.key);
    }
  }

  return {
    track,
    take_over_journal: () => Promise.all(journal?.entries().map(take_over) ?? []),
  };
}
