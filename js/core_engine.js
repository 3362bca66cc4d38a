// The delivery engine of the core, as the tracker's driver sees it.

/**
 * @typedef {object} Entry
 * @property {number} key the row in the queue, above 0, in order of arrival
 * @property {string} group
 * @property {string} lane
 * @property {number} bytes
 * @property {number} attempts
 * @property {number} next_at_ms
 *
 * @typedef {object} Settings
 * @property {'lrs' | 'relay'} hop
 * @property {number} interval_ms
 * @property {number} batch_count_max
 * @property {number} batch_count_soon
 * @property {number} batch_bytes_max
 * @property {number} backoff_base_ms
 *
 * @typedef {'none' | 'timeout' | 'refused' | 'reset' | 'dns' | 'tls' | 'network'} Failure
 *
 * @typedef {object} Outcome
 * @property {number} status 0 when `failure` says why there is none
 * @property {Failure} failure
 * @property {number | null} retry_after_ms
 * @property {'none' | 'whole' | 'per-entry'} extent
 * @property {{key: number, answer: 'stored' | 'kept' | 'refused'}[]} results
 *
 * @typedef {{type: 'load', after_key: number, count_max: number}
 *   | {type: 'send', batch: number, keys: number[], probe: boolean}
 *   | {type: 'remove', keys: number[]}
 *   | {type: 'defer', keys: number[], until_ms: number}
 *   | {type: 'bury', keys: number[]}
 *   | {type: 'report', condition: 'outage' | 'blocked', raised: boolean, status: number,
 *      failure: Failure}} Action
 */

/** @typedef {import('./core_memory.js').Memory} Memory */

// The places in these lists are the numbers of the enumerations in the core's headers.
const hops = ['lrs', 'relay'];
const extents = ['none', 'whole', 'per-entry'];
const answers = ['stored', 'kept', 'refused'];
const conditions = /** @type {const} */ (['outage', 'blocked']);
const failures = /** @type {Failure[]} */ ('none timeout refused reset dns tls network'.split(' '));

const record_head_bytes = 40;

/** @param {Settings} settings */
export function settings_numbers(settings) {
  return [
    hops.indexOf(settings.hop),
    settings.interval_ms,
    settings.batch_count_max,
    settings.batch_count_soon,
    settings.batch_bytes_max,
    settings.backoff_base_ms,
  ];
}

/**
 * One delivery engine (core/…/delivery/engine.hpp says what each fact and action means). After each
 * fact take actions until there is none, then set the timer by next_wakeup().
 */
export class Engine {
  /** @param {Memory} memory @param {number} handle */
  constructor(memory, handle) {
    this.memory = memory;
    this.handle = handle;
  }

  /** @param {number} now_ms */
  started(now_ms) {
    this.#tell('started', now_ms);
  }

  /** @param {Entry} entry @param {number} now_ms */
  enqueued(entry, now_ms) {
    this.#tell_entries('enqueued', [entry], now_ms);
  }

  /** @param {Entry[]} entries @param {boolean} more @param {number} now_ms */
  loaded(entries, more, now_ms) {
    this.#tell_entries('loaded', entries, Number(more), now_ms);
  }

  /** @param {number} batch @param {Outcome} outcome @param {number} now_ms */
  outcome(batch, outcome, now_ms) {
    const numbers = [
      batch,
      outcome.status,
      failures.indexOf(outcome.failure),
      outcome.retry_after_ms ?? NaN,
      extents.indexOf(outcome.extent),
      ...outcome.results.flatMap(({ key, answer }) => [key, answers.indexOf(answer)]),
    ];
    this.#tell_numbers('outcome', numbers, numbers.length, now_ms);
  }

  /** @param {number} now_ms */
  timer(now_ms) {
    this.#tell('timer', now_ms);
  }

  /** @param {number} now_ms */
  flush(now_ms) {
    this.#tell('flush', now_ms);
  }

  /** @param {number} now_ms */
  online(now_ms) {
    this.#tell('online', now_ms);
  }

  /** @param {Settings} settings @param {number} now_ms */
  settings_changed(settings, now_ms) {
    this.#tell_numbers('settings', settings_numbers(settings), now_ms);
  }

  /** @returns {Action | null} */
  next_action() {
    this.memory.call('take_action', this.handle);
    return action_from(this.memory.reply_numbers(this.handle));
  }

  /** @returns {number | null} */
  next_wakeup() {
    const wakeup_ms = this.memory.call('read_wakeup', this.handle);
    return Number.isNaN(wakeup_ms) ? null : wakeup_ms;
  }

  /** @param {string} fact @param {...number} numbers */
  #tell(fact, ...numbers) {
    const code = this.memory.call(`tell_${fact}`, this.handle, ...numbers);
    if (code !== 0) throw this.memory.error(code);
  }

  /** @param {string} fact @param {number[]} numbers @param {...number} others */
  #tell_numbers(fact, numbers, ...others) {
    this.memory.lend(numbers.length * 8, (address) => {
      this.memory.write_numbers(numbers, address);
      this.#tell(fact, address, ...others);
    });
  }

  /** @param {string} fact @param {Entry[]} entries @param {...number} others */
  #tell_entries(fact, entries, ...others) {
    let bytes_max = 8;
    for (const { group, lane } of entries) {
      bytes_max += record_head_bytes + 3 * (group.length + lane.length) + 8;
    }
    this.memory.lend(bytes_max, (address) => {
      let at = address;
      for (const entry of entries) at = this.#write_record(entry, at);
      this.#tell(fact, address, at - address, ...others);
    });
  }

  /**
   * @param {Entry} entry
   * @param {number} address
   * @returns {number} where the next record begins
   */
  #write_record(entry, address) {
    const { memory } = this;
    memory.write_numbers([entry.key, entry.bytes, entry.attempts, entry.next_at_ms], address);
    const text = address + record_head_bytes;
    const group_bytes = memory.write_text(entry.group, text);
    const lane_bytes = memory.write_text(entry.lane, text + group_bytes);
    const view = memory.view();
    view.setUint32(address + 32, group_bytes, true);
    view.setUint32(address + 36, lane_bytes, true);
    return (text + group_bytes + lane_bytes + 7) & ~7;
  }
}

/**
 * @param {number[]} numbers as waypost_take_action() gives them
 * @returns {Action | null}
 */
function action_from(numbers) {
  const [kind, first, second] = numbers;
  switch (kind) {
    case 0:
      return { type: 'load', after_key: first, count_max: second };
    case 1:
      return { type: 'send', batch: first, keys: numbers.slice(3), probe: second === 1 };
    case 2:
      return { type: 'remove', keys: numbers.slice(1) };
    case 3:
      return { type: 'defer', keys: numbers.slice(2), until_ms: first };
    case 4:
      return { type: 'bury', keys: numbers.slice(1) };
    case 5:
      return {
        type: 'report',
        condition: conditions[first],
        raised: second === 1,
        status: numbers[3],
        failure: failures[numbers[4]],
      };
    default:
      return null;
  }
}
