// The page of each contender, and what it sends to: one server that answers each protocol with
// success, and counts the events.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { text as text_of } from 'node:stream/consumers';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const interval_ms = 5000;
const deadline_ms = 60_000;

/** How many events a request carries, by where it goes to. */
const doors = [
  { path: /^\/waypost\/post$/, count: (body) => body.entries.length, answer: accept },
  { path: /^\/xapi\/statements/, count: (body) => [body].flat().length, answer: store },
  {
    path: /^\/segment\//,
    count: (body) => body.batch?.length ?? 1,
    answer: () => '{"success":true}',
  },
  { path: /^\/com\.snowplowanalytics/, count: (body) => body.data.length, answer: () => 'ok' },
];

/** As the relay. */
function accept({ nonce, entries }) {
  const accepted = entries.map(({ id }) => id);
  const rest = {
    duplicate: [],
    rejected: [],
    server_ms: Date.now(),
    interval_ms,
    retry_after_ms: 0,
  };
  return JSON.stringify({ v: 1, nonce, accepted, ...rest });
}

/** As an LRS; one that is put gets no body. */
function store(body, method) {
  return method === 'PUT' ? '' : JSON.stringify([body].flat().map(({ id }) => id ?? unknown_id));
}

const unknown_id = '6b2e0c5e-0f2b-4c58-9d6c-0c8a1c5d1f01';

export class BenchServer {
  /** @type {Map<string, {type: string, content: Buffer}>} */
  files = new Map();

  /** What it answers instead, if anything. @type {number | null} */
  refusal = null;

  #events = 0;
  #requests = 0;
  #server = createServer((request, response) => {
    this.#serve(request, response).catch((error) => response.destroy(error));
  });
  /** @type {Set<() => void>} */
  #listeners = new Set();

  async listen() {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = /** @type {import('node:net').AddressInfo} */ (this.#server.address());
    this.origin = `http://localhost:${address.port}`;
  }

  close() {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  forget() {
    this.#events = 0;
    this.#requests = 0;
  }

  get requests() {
    return this.#requests;
  }

  /**
   * Resolves when so many events have come, or no more is waited for.
   * @param {number} count
   * @returns {Promise<number>} how many have come
   */
  async received(count) {
    const deadline = AbortSignal.timeout(deadline_ms);
    while (this.#events < count && !deadline.aborted) {
      await new Promise((resolve) => {
        this.#listeners.add(() => resolve(undefined));
        deadline.onabort = () => resolve(undefined);
      });
    }
    return this.#events;
  }

  /** @param {string} contender */
  address_of(contender) {
    return `${this.origin}/pages/${encodeURIComponent(contender)}`;
  }

  /** @param {string} contender @param {Buffer} content */
  add_page(contender, content) {
    this.add(`/pages/${encodeURIComponent(contender)}`, 'text/html', content);
  }

  /** @param {string} path @param {string} type @param {Buffer} content */
  add(path, type, content) {
    this.files.set(path, { type, content });
  }

  /** @param {import('node:http').IncomingMessage} request */
  async #serve(request, response) {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    // For a clock of 5 microseconds in the page.
    response.setHeader('cross-origin-opener-policy', 'same-origin');
    response.setHeader('cross-origin-embedder-policy', 'require-corp');
    const file = this.files.get(pathname);
    if (file !== undefined) {
      response.setHeader('content-type', file.type);
      response.setHeader('content-encoding', 'br');
      response.end(brotli(file.content));
      return;
    }
    const door = doors.find(({ path }) => path.test(pathname));
    if (door === undefined || request.method === 'GET') {
      response.writeHead(404).end();
      return;
    }
    const body = JSON.parse(await text_of(request));
    if (this.refusal !== null) {
      response.writeHead(this.refusal).end();
      return;
    }
    const answer = door.answer(body, request.method);
    response.writeHead(answer === '' ? 204 : 200, { 'content-type': 'application/json' });
    response.end(answer);
    this.#events += door.count(body);
    this.#requests += 1;
    for (const listener of this.#listeners) listener();
    this.#listeners.clear();
  }
}

const compressed = new WeakMap();

/** @param {Buffer} content */
export function brotli(content) {
  const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
  const known = compressed.get(content) ?? brotliCompressSync(content, { params });
  compressed.set(content, known);
  return known;
}

/** @param {Buffer} content */
export const gzip = (content) => gzipSync(content, { level: 9 });
