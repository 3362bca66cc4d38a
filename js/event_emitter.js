/**
 * What the page can listen to.
 * @typedef {object} Events
 * @property {{ids: string[]}} delivered the relay has them
 * @property {{id: string | null, code: string, message: string,
 *   violations: import('./core.js').Violation[], kept: boolean}} rejected `kept`: the relay
 *   keeps it for its people to see
 * @property {{condition: string, raised: boolean, status: number}} blocked sending is held, or no
 *   longer
 */

/**
 * @typedef {object} Emitter
 * @property {<N extends keyof Events>(name: N, listener: (detail: Events[N]) => void) => void} on
 * @property {<N extends keyof Events>(name: N, listener: (detail: Events[N]) => void) => void} off
 * @property {<N extends keyof Events>(name: N, detail: Events[N]) => void} emit
 */

/** @returns {Emitter} */
export function create_emitter() {
  /** @type {{[N in keyof Events]: Set<(detail: any) => void>}} */
  const listeners = { delivered: new Set(), rejected: new Set(), blocked: new Set() };

  /** @param {keyof Events} name */
  function listeners_of(name) {
    if (!Object.hasOwn(listeners, name)) {
      const names = Object.keys(listeners).join(', ');
      throw new TypeError(`waypost: there is no event "${name}", only ${names}.`);
    }
    return listeners[name];
  }

  return {
    on: (name, listener) => void listeners_of(name).add(listener),
    off: (name, listener) => void listeners_of(name).delete(listener),
    emit(name, detail) {
      queueMicrotask(() => {
        for (const listener of listeners_of(name)) {
          // A listener that throws is the page's affair, and must not stop the others or the queue.
          queueMicrotask(() => listener(detail));
        }
      });
    },
  };
}
