// The core: statement rules and the delivery engine, compiled from C++. Only this file knows where
// they lie in memory; wasm/abi.hpp is the contract. Nothing here decides anything.

/**
 * @typedef {object} Violation
 * @property {string} path RFC 6901 pointer from the root of the statement or event
 * @property {string} rule stable id
 * @property {string} message
 *
 * @typedef {object} Rules
 * @property {'1.0.3' | '2.0.0'} version
 * @property {boolean} unstamped the actor may be absent: the relay stamps it
 * @property {boolean} [json_only] every attachment needs its fileUrl
 *
 * @typedef {Rules & {defaults: string, id: Uint8Array, now_ms: number}} CompletionContext
 *   `defaults` is a JSON object, or empty; `id` is the 16 bytes of a UUID
 *
 * @typedef {{statement: string} | {violations: Violation[]}} Completion
 *
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
 *
 * @typedef {Record<string, (...numbers: number[]) => number>} Functions
 */

// The places in these lists are the numbers of the enumerations in the core's headers.
const hops = ['lrs', 'relay'];
const extents = ['none', 'whole', 'per-entry'];
const answers = ['stored', 'kept', 'refused'];
const conditions = /** @type {const} */ (['outage', 'blocked']);
const failures = /** @type {Failure[]} */ ('none timeout refused reset dns tls network'.split(' '));

const error_statement_invalid = 2;
const rule_bits = { version_2: 1, unstamped: 2, json_only: 4 };
const record_head_bytes = 40;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Why the core did not do what was asked: `code` is one of the words of core/…/error.hpp. */
export class CoreError extends Error {
  /**
   * @param {string} code
   * @param {string} message
   * @param {unknown} [cause]
   */
  constructor(code, message, cause) {
    super(message, { cause });
    this.name = 'CoreError';
    this.code = code;
    /** @type {Violation[]} */
    this.violations = [];
  }
}

/**
 * Starts the core. Rejects with a CoreError where the browser cannot run it (no WebAssembly, a strict
 * content security policy) or the file did not come.
 * @param {BufferSource | Response | Promise<Response>} source the bytes of waypost.wasm
 * @returns {Promise<Core>}
 */
export async function loadCore(source) {
  try {
    const { instance } = await instantiate(await source);
    return new Core(new Memory(instance.exports));
  } catch (cause) {
    throw new CoreError('core-unavailable', `The core cannot run here: ${cause}`, cause);
  }
}

/** @param {BufferSource | Response} source */
async function instantiate(source) {
  if (!(source instanceof Response)) return WebAssembly.instantiate(source, imports);
  if (!source.ok) throw new Error(`${source.url} answered ${source.status}`);
  const type = source.headers.get('content-type') ?? '';
  return type.startsWith('application/wasm')
    ? WebAssembly.instantiateStreaming(source, imports)
    : WebAssembly.instantiate(await source.arrayBuffer(), imports);
}

// The core asks nothing of the system; these are what its C library would call to end in despair.
const imports = {
  env: { emscripten_notify_memory_growth() {} },
  wasi_snapshot_preview1: {
    /** @param {number} status */
    proc_exit(status) {
      throw new Error(`the core ended with ${status}`);
    },
    fd_write: () => 0,
    fd_seek: () => 0,
    fd_close: () => 0,
  },
};

// The module's memory and functions.
class Memory {
  /** @param {WebAssembly.Exports} exports */
  constructor(exports) {
    this.memory = /** @type {WebAssembly.Memory} */ (exports.memory);
    this.functions = /** @type {Functions} */ (/** @type {unknown} */ (exports));
    this.failed = false;
    this.functions._initialize();
  }

  // Any call may make the memory grow, which leaves older views empty: none is kept.
  bytes() {
    return new Uint8Array(this.memory.buffer);
  }

  view() {
    return new DataView(this.memory.buffer);
  }

  /**
   * Calls a function of the module. After a trap its memory cannot be trusted, so it is never called
   * again.
   * @param {string} name
   * @param {...number} numbers
   */
  call(name, ...numbers) {
    if (this.failed) throw new CoreError('internal', 'The core has failed before.');
    try {
      return this.functions[`waypost_${name}`](...numbers);
    } catch (cause) {
      this.failed = true;
      throw new CoreError('internal', `The core failed in ${name}.`, cause);
    }
  }

  /**
   * Lends the module some bytes for one call.
   * @template Result
   * @param {number} count
   * @param {(address: number) => Result} use
   * @returns {Result}
   */
  lend(count, use) {
    const address = this.call('allocate_bytes', count);
    if (address === 0) throw new CoreError('too-large', `There is no room for ${count} bytes.`);
    try {
      return use(address);
    } finally {
      if (!this.failed) this.call('free_bytes', address);
    }
  }

  /**
   * Writes a text that may take up to three bytes for each of its characters.
   * @param {string} text
   * @param {number} address
   * @returns {number} how many bytes it took
   */
  write_text(text, address) {
    return encoder.encodeInto(text, this.bytes().subarray(address)).written;
  }

  /** @param {number[]} numbers @param {number} address */
  write_numbers(numbers, address) {
    new Float64Array(this.memory.buffer, address, numbers.length).set(numbers);
  }

  /** @param {number} handle */
  reply_text(handle) {
    const [address, count] = this.reply(handle);
    return decoder.decode(this.bytes().subarray(address, address + count));
  }

  /** @param {number} handle */
  reply_numbers(handle) {
    const [address, count] = this.reply(handle);
    return Array.from(new Float64Array(this.memory.buffer, address, count / 8));
  }

  /** @param {number} handle */
  reply(handle) {
    return new Uint32Array(this.memory.buffer, handle, 2);
  }

  /**
   * @param {number} code
   * @returns {CoreError}
   */
  error(code) {
    const bytes = this.bytes();
    const address = this.call('read_error_word', code);
    const word = decoder.decode(bytes.subarray(address, bytes.indexOf(0, address)));
    return new CoreError(word, `The core answered ${word}.`);
  }
}

export class Core {
  /** @param {Memory} memory */
  constructor(memory) {
    this.memory = memory;
    /** @type {Map<number, number>} from rules to the checker that applies them */
    this.checkers = new Map();
  }

  /**
   * Makes a statement of an event.
   * @param {string} event JSON
   * @param {CompletionContext} context
   * @returns {Completion}
   */
  complete(event, context) {
    const { memory } = this;
    const { defaults, id, now_ms } = context;
    const checker = this.#checker(context);
    return memory.lend(16 + 3 * (event.length + defaults.length), (address) => {
      memory.bytes().set(id.subarray(0, 16), address);
      const event_bytes = memory.write_text(event, address + 16);
      const defaults_bytes = memory.write_text(defaults, address + 16 + event_bytes);
      const code = memory.call(
        'complete_event',
        checker,
        address,
        event_bytes,
        defaults_bytes,
        now_ms,
      );
      if (code === error_statement_invalid) return { violations: this.#violations(checker) };
      if (code !== 0) throw memory.error(code);
      return { statement: memory.reply_text(checker) };
    });
  }

  /**
   * @param {string} text JSON
   * @param {Rules} rules
   * @returns {Violation[]} empty: it is a valid statement
   */
  validate(text, rules) {
    const checker = this.#checker(rules);
    const code = this.#check('validate_statement', checker, text);
    if (code === 0) return [];
    if (code !== error_statement_invalid) throw this.memory.error(code);
    return this.#violations(checker);
  }

  /**
   * Checks a statement or an array of statements.
   * @param {string} text JSON
   * @param {Rules} rules
   * @returns {{index: number, valid: boolean, violations: Violation[]}[]}
   */
  validateList(text, rules) {
    const checker = this.#checker(rules);
    const code = this.#check('validate_list', checker, text);
    const reply = JSON.parse(this.memory.reply_text(checker));
    if (code === 0) return reply;
    const error = this.memory.error(code);
    error.violations = reply;
    throw error;
  }

  /**
   * @param {Settings} settings
   * @param {number | bigint} seed
   */
  createEngine(settings, seed) {
    const bits = BigInt.asUintN(64, BigInt(seed));
    const numbers = settings_numbers(settings);
    const { memory } = this;
    const handle = memory.lend(numbers.length * 8, (address) => {
      memory.write_numbers(numbers, address);
      return memory.call('create_engine', address, Number(bits & 0xffffffffn), Number(bits >> 32n));
    });
    if (handle === 0) throw new CoreError('bad-request', 'A setting is out of its range.');
    return new Engine(memory, handle);
  }

  /**
   * @param {string} name
   * @param {number} checker
   * @param {string} text
   */
  #check(name, checker, text) {
    const { memory } = this;
    return memory.lend(3 * text.length, (address) =>
      memory.call(name, checker, address, memory.write_text(text, address)),
    );
  }

  /**
   * @param {number} checker
   * @returns {Violation[]}
   */
  #violations(checker) {
    return JSON.parse(this.memory.reply_text(checker));
  }

  /** @param {Rules} rules */
  #checker(rules) {
    const bits =
      (rules.version === '2.0.0' ? rule_bits.version_2 : 0) |
      (rules.unstamped ? rule_bits.unstamped : 0) |
      (rules.json_only ? rule_bits.json_only : 0);
    let checker = this.checkers.get(bits);
    if (checker === undefined) {
      checker = this.memory.call('create_checker', bits);
      this.checkers.set(bits, checker);
    }
    return checker;
  }
}

/** @param {Settings} settings */
function settings_numbers(settings) {
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
 * fact take actions until there is none, then set the timer by nextWakeup().
 */
export class Engine {
  /** @param {Memory} memory @param {number} handle */
  constructor(memory, handle) {
    this.memory = memory;
    this.handle = handle;
  }

  destroy() {
    this.memory.call('destroy_engine', this.handle);
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
  settingsChanged(settings, now_ms) {
    this.#tell_numbers('settings', settings_numbers(settings), now_ms);
  }

  /** @param {number} now_ms */
  stopping(now_ms) {
    this.#tell('stopping', now_ms);
  }

  /** @returns {Action | null} */
  nextAction() {
    this.memory.call('take_action', this.handle);
    return action_from(this.memory.reply_numbers(this.handle));
  }

  /** @returns {number | null} */
  nextWakeup() {
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
