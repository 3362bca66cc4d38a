// The tracker's only clock and timer; everything else is given the time or this object.

/**
 * @typedef {object} Clock
 * @property {() => number} now_ms milliseconds since 1970
 * @property {(run: () => void, delay_ms: number) => number} set_timer
 * @property {(timer: number | undefined) => void} clear_timer
 */

/** @type {Clock} */
export const page_clock = {
  now_ms: () => Date.now(),
  set_timer: (run, delay_ms) => setTimeout(run, delay_ms),
  clear_timer: (timer) => clearTimeout(timer),
};
