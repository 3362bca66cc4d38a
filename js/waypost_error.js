/** @import {Violation} from './core.js' */

/**
 * Stable words; docs/authors.md explains them.
 * @typedef {'statement-invalid' | 'event-unreadable' | 'queue-full' | 'storage-failed'} ErrorCode
 */

// What `track()` rejects with.
export class WaypostError extends Error {
  /**
   * @param {ErrorCode} code
   * @param {string} message
   * @param {{violations?: Violation[], cause?: unknown}} [detail]
   */
  constructor(code, message, { violations = [], cause } = {}) {
    super(message, { cause });
    this.name = 'WaypostError';
    this.code = code;
    this.violations = violations;
  }
}
