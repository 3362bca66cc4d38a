// How engines end. Those of the tracker live as long as their page, which takes all with it.

/** @import {Engine} from '../../js/core_engine.js' */

/**
 * It sends nothing more.
 * @param {Engine} engine
 * @param {number} now_ms
 */
export function stop_engine({ memory, handle }, now_ms) {
  const code = memory.call('tell_stopping', handle, now_ms);
  if (code !== 0) throw memory.error(code);
}

/** @param {Engine} engine not to be used any more */
export function destroy_engine({ memory, handle }) {
  memory.call('destroy_engine', handle);
}
