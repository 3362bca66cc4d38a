// The core, compiled from C++: statement rules, completion, and the delivery engine. Nothing here
// decides anything.
import { Engine, settings_numbers } from './core_engine.js';
import { CoreError, load_module } from './core_memory.js';

export { CoreError, Engine };

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
 */

/** @typedef {import('./core_engine.js').Entry} Entry */
/** @typedef {import('./core_engine.js').Settings} Settings */
/** @typedef {import('./core_engine.js').Outcome} Outcome */
/** @typedef {import('./core_engine.js').Action} Action */
/** @typedef {import('./core_engine.js').Failure} Failure */
/** @typedef {import('./core_memory.js').Memory} Memory */

export const error_statement_invalid = 2;
const rule_bits = { version_2: 1, unstamped: 2, json_only: 4 };

/**
 * Starts the core. Rejects with a CoreError where the browser cannot run it (no WebAssembly, a
 * strict content security policy) or the file did not come.
 * @param {BufferSource | Response | Promise<Response>} source the bytes of waypost.wasm
 * @returns {Promise<Core>}
 */
export async function loadCore(source) {
  try {
    return new Core(await load_module(source));
  } catch (cause) {
    throw new CoreError('core-unavailable', `The core cannot run here: ${cause}`, cause);
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
    const checker = this.checker(context);
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
      if (code === error_statement_invalid) return { violations: this.violations(checker) };
      if (code !== 0) throw memory.error(code);
      return { statement: memory.reply_text(checker) };
    });
  }

  /**
   * @param {Settings} settings
   * @param {number | bigint} seed
   */
  create_engine(settings, seed) {
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
   * @param {number} checker
   * @returns {Violation[]}
   */
  violations(checker) {
    return JSON.parse(this.memory.reply_text(checker));
  }

  /** @param {Rules} rules */
  checker(rules) {
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
