// A mail server and a web server on this machine that remember what alerts reached them.
import { once } from 'node:events';
import { createServer } from 'node:http';

import { SMTPServer } from 'smtp-server';

const waits_at_most_ms = 60_000;

/** What has arrived, and a way to wait for more. @template T */
class Arrivals {
  constructor() {
    /** @type {T[]} */
    this.all = [];
    /** @type {(() => void)[]} */
    this.waiting = [];
  }

  /** @param {T} one */
  add(one) {
    this.all.push(one);
    for (const wake of this.waiting.splice(0)) wake();
  }

  /**
   * Those that are wanted, once there are so many; rejects after a while.
   * @param {number} count @param {(one: T) => boolean} wanted
   */
  async until(count, wanted) {
    const deadline = performance.now() + waits_at_most_ms;
    while (this.all.filter(wanted).length < count) {
      const left = deadline - performance.now();
      if (left <= 0) throw new Error(`only these arrived: ${JSON.stringify(this.all, null, 1)}`);
      await new Promise((wake) => {
        const timer = setTimeout(wake, left, undefined);
        this.waiting.push(() => {
          clearTimeout(timer);
          wake(undefined);
        });
      });
    }
    return this.all.filter(wanted);
  }
}

/** @typedef {{from: string, to: string[], user: string | undefined, secure: boolean, text: string,
 *   subject: string}} Mail */

/**
 * @param {import('node:test').TestContext} t
 * @param {{user?: string, password?: string, port?: number, offers_tls?: boolean}} settings
 */
export async function mail_server(t, { user, password, port = 0, offers_tls = false } = {}) {
  const mails = /** @type {Arrivals<Mail>} */ (new Arrivals());
  const server = new SMTPServer({
    disabledCommands: [...(user ? [] : ['AUTH']), ...(offers_tls ? [] : ['STARTTLS'])],
    allowInsecureAuth: true,
    disableReverseLookup: true,
    onAuth(auth, _session, callback) {
      const right = auth.username === user && auth.password === password;
      callback(right ? null : new Error('wrong password'), { user: auth.username });
    },
    onData(stream, session, callback) {
      let text = '';
      stream.setEncoding('utf8');
      stream.on('data', (part) => (text += part));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        mails.add({
          from: mailFrom ? mailFrom.address : '',
          to: rcptTo.map(({ address }) => address),
          user: session.user,
          secure: session.secure,
          text,
          subject: /^Subject: (.*)$/m.exec(text)?.[1].trim() ?? '',
        });
        callback();
      });
    },
  });
  // Clients that do not trust its certificate hang up.
  server.on('error', () => {});
  server.listen(port, '127.0.0.1');
  await once(server.server, 'listening');
  t.after(() => new Promise((done) => server.close(done)));
  return { mails, port: server.server.address().port };
}

/**
 * @typedef {{method: string, url: string, content_type: string | undefined, body: any}} Hooked
 */

/** @param {import('node:test').TestContext} t */
export async function webhook_server(t) {
  const calls = /** @type {Arrivals<Hooked>} */ (new Arrivals());
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8');
    request.on('data', (part) => (text += part));
    request.on('end', () => {
      calls.add({
        method: request.method ?? '',
        url: request.url ?? '',
        content_type: request.headers['content-type'],
        body: JSON.parse(text),
      });
      response.writeHead(204).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return { calls, url: `http://127.0.0.1:${port}/hook/canary-of-the-hook` };
}
