/** @import {Clock} from './clock.js' */

/**
 * What `promise` becomes, or a rejection with a TimeoutError when that takes too long.
 * @template T
 * @param {Promise<T>} promise
 * @param {number} limit_ms
 * @param {Clock} clock
 * @returns {Promise<T>}
 */
export function within(promise, limit_ms, clock) {
  return new Promise((resolve, reject) => {
    const timer = clock.set_timer(
      () => reject(new DOMException(`No answer in ${limit_ms} ms.`, 'TimeoutError')),
      limit_ms,
    );
    promise.finally(() => clock.clear_timer(timer)).then(resolve, reject);
  });
}

/** @param {unknown} error */
export const is_timeout = (error) => error instanceof DOMException && error.name === 'TimeoutError';
