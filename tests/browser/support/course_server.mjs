// A course's web server with a relay behind it, as far as a page can tell: it speaks /post as
// tests/fixtures/post_protocol.json shows, and fails on demand.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { text as text_of } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

import { loadCore } from '../../../js/core.js';
import { asset, loader_text, manifest, wasm_file } from './tracker_files.mjs';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const types = { '.js': 'text/javascript', '.mjs': 'text/javascript', '.json': 'application/json' };

const fixture = JSON.parse(await readFile(join(root, 'tests/fixtures/post_protocol.json'), 'utf8'));

const core = await loadCore(await readFile(wasm_file));

// Far beyond what anything here takes, for a failing test to end.
const deadline_ms = 30_000;

export const script_tag = '<script async src="/waypost/waypost.js"></script>';

/** @param {string} [head] */
export const course_page = (head = script_tag, title = 'Lesson one') =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title>${head}</head><body></body></html>`;

export async function start_course_server(t, { interval_ms = 50 } = {}) {
  const server = new CourseServer(interval_ms);
  await server.listen();
  t.after(() => server.stop());
  return server;
}

class CourseServer {
  /** Path → HTML. */
  pages = new Map([
    ['/course/lesson', course_page()],
    ['/elsewhere', course_page('', 'Elsewhere')],
  ]);

  /** Requests to /post, parsed, in order of arrival. */
  posts = [];

  /** Statements accepted, by id. */
  stored = new Map();

  /** Replaced by tests: (text, address) → the loader as it is sent, or a promise of it. */
  loader = (text) => text;

  /** Replaced by tests: awaited before a request is answered. */
  delay = async () => {};

  /** Replaced by tests: request → {status, headers, body} or 'hang up', or a promise of it. */
  answer = (request) => this.accept(request);

  #port = 0;
  #interval_ms;
  #server;
  #listeners = new Set();

  constructor(interval_ms) {
    this.#interval_ms = interval_ms;
  }

  get origin() {
    return `http://localhost:${this.#port}`;
  }

  get port() {
    return this.#port;
  }

  async listen() {
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch((error) => response.destroy(error));
    });
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = this.#server.address().port;
  }

  async stop() {
    if (!this.#server.listening) return;
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  /** Resolves once `ready()` is true; looks after each /post. */
  async until(ready, limit_ms = deadline_ms) {
    const deadline = AbortSignal.timeout(limit_ms);
    while (!ready()) {
      await new Promise((resolve, reject) => {
        this.#listeners.add(resolve);
        deadline.onabort = () => reject(new Error(`Not so after ${this.posts.length} requests.`));
      });
    }
  }

  /** What a relay that has room answers. `rejected` lists entries by id. */
  accept({ nonce, kind, entries: received }, rejected = new Map()) {
    const entries = kind === 'events' ? received.map(completed) : received;
    const answer = { ...fixture.answer, nonce, accepted: [], duplicate: [], rejected: [] };
    entries.forEach((entry, index) => {
      const refusal = entry.refusal ?? rejected.get(entry.id);
      if (refusal !== undefined) {
        answer.rejected.push({ id: entry.id, index, ...refusal });
        return;
      }
      (this.stored.has(entry.id) ? answer.duplicate : answer.accepted).push(entry.id);
      this.stored.set(entry.id, entry);
    });
    answer.server_ms = Date.now();
    answer.interval_ms = this.#interval_ms;
    return json_answer(200, answer);
  }

  async #serve(request, response) {
    const path = new URL(request.url, this.origin).pathname;
    // Sandboxed frames and pages of other origins may load and post.
    response.setHeader('access-control-allow-origin', '*');
    if (this.pages.has(path)) return send(response, 200, 'text/html', this.pages.get(path));
    if (path === '/waypost/waypost.js') {
      const text = await loader_text(this.#settings());
      return send(response, 200, 'text/javascript', await this.loader(text, request.url));
    }
    if (path.startsWith('/waypost/assets/')) {
      const found = await asset(path.slice('/waypost/assets/'.length));
      if (found !== undefined) return send(response, 200, found.type, found.content);
    }
    if (path === '/waypost/post') return this.#post(request, response);
    if (/^\/(js|tests)\//.test(path)) return this.#source(path, response);
    return send(response, 404, 'text/plain', 'There is no such page.');
  }

  #settings() {
    return {
      prefix: '/waypost',
      organisation: 'example',
      interval_ms: this.#interval_ms,
      self_declared_home_page: `${this.origin}/waypost/self-declared`,
      assets: '/waypost/assets/',
      xapi_version: '1.0.3',
      manifest: { version: manifest.version, files: manifest.files },
    };
  }

  /** The sources, for tests of single modules. */
  async #source(path, response) {
    const content = await readFile(join(root, normalize(path)));
    return send(response, 200, types[extname(path)] ?? 'application/octet-stream', content);
  }

  async #post(request, response) {
    const text = await text_of(request);
    assert.match(request.headers['content-type'], /^text\/plain/);
    const body = JSON.parse(text);
    assert.deepEqual(Object.keys(body).sort(), Object.keys(fixture.request_statements).sort());
    this.posts.push({ ...body, headers: request.headers, text });
    this.#tell_listeners();
    await this.delay();
    const answer = await this.answer(body);
    if (answer === 'hang up') request.socket.destroy();
    else {
      for (const [name, value] of Object.entries(answer.headers ?? {})) {
        response.setHeader(name, value);
      }
      send(response, answer.status, answer.type, answer.body);
    }
    this.#tell_listeners();
  }

  #tell_listeners() {
    for (const listener of this.#listeners) listener();
    this.#listeners.clear();
  }
}

/** What the relay's core makes of an event as a page without core captured it. */
function completed({ id, captured_ms, event, defaults }) {
  const completion = core.complete(JSON.stringify(event), {
    defaults: JSON.stringify(defaults),
    id: Buffer.from(id.replaceAll('-', ''), 'hex'),
    now_ms: captured_ms,
    version: '1.0.3',
    unstamped: true,
  });
  if ('statement' in completion) return JSON.parse(completion.statement);
  return { id, refusal: { kept: false, violations: completion.violations } };
}

export const json_answer = (status, value) => ({
  status,
  type: 'application/json',
  body: JSON.stringify(value),
});

/** What a proxy in front answers while the relay is down. */
export const bad_gateway = () => ({ status: 502, type: 'text/html', body: '<h1>502</h1>' });

function send(response, status, type, content) {
  response.writeHead(status, { 'content-type': type });
  response.end(content);
}
