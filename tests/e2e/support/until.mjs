// Waiting for what only can be asked for: a page of metrics, a log, a list.

import { setTimeout as pause } from 'node:timers/promises';

const asked_again_ms = 200;
const usual_patience_ms = 300_000;

/**
 * What `ask` gives, once that is truthy. Rejects after a while, with what there is instead.
 * @template T
 * @param {string} what
 * @param {() => T | Promise<T>} ask
 * @param {{patience_ms?: number, otherwise?: () => unknown}} settings
 * @returns {Promise<T>}
 */
export async function until(
  what,
  ask,
  { patience_ms = usual_patience_ms, otherwise = () => '' } = {},
) {
  const deadline = performance.now() + patience_ms;
  for (;;) {
    const got = await ask();
    if (got) return got;
    if (performance.now() > deadline) {
      throw new Error(
        `Not within ${patience_ms / 1000} s: ${what}. ${JSON.stringify(await otherwise())}`,
      );
    }
    await pause(asked_again_ms);
  }
}
