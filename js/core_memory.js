// The memory and functions of waypost.wasm. This file and those beside it that are named for the
// core are the only ones that know addresses; wasm/abi.hpp is the contract.
import { encoder } from './utf8.js';

/**
 * @typedef {Record<string, (...numbers: number[]) => number>} Functions
 */

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
  }
}

/**
 * @param {BufferSource | Response | Promise<Response>} source
 * @returns {Promise<Memory>}
 */
export async function load_module(source) {
  const { instance } = await instantiate(await source);
  return new Memory(instance.exports);
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
export class Memory {
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
   * Calls a function of the module. After a trap its memory cannot be trusted, so it is never
   * called again.
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
