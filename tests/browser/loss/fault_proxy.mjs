// The course's web server: its pages, and the relay behind it, as nginx would pass it on. What
// happens to a request of the tracker to /post is decided by a play of plays.mjs.
import { once } from 'node:events';
import { Agent, createServer, request as request_of } from 'node:http';
import { buffer } from 'node:stream/consumers';

import { course_page } from '../support/course_server.mjs';
import { forward_all } from './plays.mjs';

const deadline_ms = 60_000;

/** @param {string} security_policy of its pages */
export async function start_fault_proxy(t, security_policy) {
  const proxy = new FaultProxy(security_policy);
  await proxy.listen();
  t.after(() => proxy.stop());
  return proxy;
}

class FaultProxy {
  pages = new Map([
    ['/lesson', course_page()],
    ['/elsewhere', course_page('', 'No tracker here')],
  ]);

  /** Where the relay is. */
  relay_origin = '';

  /** What the requests to /post say they bring. @type {Set<string>} */
  kinds = new Set();

  #security_policy;
  #server = createServer();
  #agent = new Agent({ keepAlive: true });
  #play = forward_all;
  #posts = 0;
  #faults = 0;
  #pages_asked = [];
  #held = null;
  #watchers = new Set();

  constructor(security_policy) {
    this.#security_policy = security_policy;
  }

  get origin() {
    return `http://localhost:${this.#server.address().port}`;
  }

  async listen() {
    this.#server.on('request', (request, response) => {
      // Browsers repeat by themselves what is reset on a connection that they had used before; here
      // the tracker is to see every reset.
      response.shouldKeepAlive = false;
      this.#serve(request, response).catch((error) => response.destroy(error));
    });
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  async stop() {
    this.#server.close();
    this.#server.closeAllConnections();
    this.#agent.destroy();
    await once(this.#server, 'close');
  }

  /** From now on. @param {import('./plays.mjs').Play} play */
  play(play) {
    this.#play = play;
    this.#posts = 0;
    this.#faults = 0;
  }

  /** From now on requests for the tracker's files hang. */
  hold_assets() {
    this.#held = [];
  }

  /** No longer; those that hang are broken off, or the browser would let others wait for them. */
  release_assets() {
    for (const response of this.#held) response.destroy();
    this.#held = null;
  }

  /** How many requests the present play did not just forward. */
  get faults() {
    return this.#faults;
  }

  /** Resolves when the present play has hit so many requests. @param {number} count */
  until_faults(count) {
    return this.#until(() => this.#faults >= count);
  }

  /** Resolves when a page has been asked for. @param {string} path */
  until_asked_for(path) {
    return this.#until(() => this.#pages_asked.includes(path));
  }

  async #until(is_so) {
    const deadline = AbortSignal.timeout(deadline_ms);
    while (!is_so()) {
      await new Promise((resolve, reject) => {
        this.#watchers.add(resolve);
        deadline.onabort = () => reject(new Error(`Not so after ${this.#faults} faults.`));
      });
    }
  }

  #tell_watchers() {
    for (const watcher of this.#watchers) watcher();
    this.#watchers.clear();
  }

  async #serve(request, response) {
    const body = await buffer(request);
    const { pathname } = new URL(request.url, this.origin);
    const page = this.pages.get(pathname);
    if (page !== undefined) {
      this.#pages_asked.push(pathname);
      this.#tell_watchers();
      return this.#send_page(response, page);
    }
    if (pathname === '/waypost/post') return this.#post(request, body.toString(), response);
    if (this.#held !== null && pathname.startsWith('/waypost/assets/')) {
      this.#held.push(response);
      return;
    }
    await this.#forward(request, body, response);
  }

  async #post(request, body, response) {
    this.kinds.add(/"kind":"(\w+)"/.exec(body)?.[1]);
    this.#posts += 1;
    const fault = this.#play({ number: this.#posts, body });
    if (fault === null) return this.#forward(request, body, response);
    await this.#commit(fault, request, body, response);
    this.#faults += 1;
    this.#tell_watchers();
  }

  /** @param {import('./plays.mjs').Fault} fault */
  async #commit(fault, request, body, response) {
    switch (fault.kind) {
      case 'answer':
        response.writeHead(fault.status, fault.headers);
        response.end(fault.body);
        return;
      case 'reset-before':
        request.socket.resetAndDestroy();
        return;
      case 'reset-after':
        await this.#ask_relay(request, body);
        request.socket.resetAndDestroy();
        return;
      case 'hang':
        return;
    }
  }

  #send_page(response, page) {
    response.writeHead(200, {
      'content-type': 'text/html',
      'content-security-policy': this.#security_policy,
    });
    response.end(page);
  }

  async #forward(request, body, response) {
    try {
      const answer = await this.#ask_relay(request, body);
      response.writeHead(answer.status, answer.headers);
      response.end(answer.body);
    } catch {
      // The relay is down; the browser is told so, as any web server would.
      response.writeHead(502, { 'content-type': 'text/html' });
      response.end('<h1>502 Bad Gateway</h1>');
    }
  }

  async #ask_relay({ method, url, headers }, body) {
    const asked = request_of(new URL(url, this.relay_origin), {
      method,
      headers,
      agent: this.#agent,
    });
    asked.end(body);
    const [answer] = await once(asked, 'response');
    return { status: answer.statusCode, headers: answer.headers, body: await buffer(answer) };
  }
}
