// Learners under load: keep-alive connections that post events until told to stop, and repeat what
// was not acknowledged, with the same ids, as the tracker does. Remembers every acknowledged id.
import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

const batch_count_max = 8;
const retry_after_ms = 20;

export class LoadClient {
  /** @param {{url: string, origin: string, connections: number}} settings */
  constructor({ url, origin, connections }) {
    this.url = url;
    this.origin = origin;
    this.agent = new Agent({ keepAlive: true, maxSockets: connections });
    /** @type {Set<string>} */
    this.acknowledged = new Set();
    this.failed_attempts = 0;
    this.stopping = false;
    /** @type {{count: number, reached: (value?: unknown) => void}[]} */
    this.waiting = [];
    this.learners = Array.from({ length: connections }, () => this.#learn());
  }

  /** Resolves when so many more ids are acknowledged than now. @param {number} count */
  more_acknowledged(count) {
    return new Promise((reached) => {
      this.waiting.push({ count: this.acknowledged.size + count, reached });
    });
  }

  /** Every begun batch is repeated until it is acknowledged; so the relay must be up in the end. */
  async stop() {
    this.stopping = true;
    await Promise.all(this.learners);
    this.agent.destroy();
  }

  async #learn() {
    while (!this.stopping) {
      const ids = Array.from({ length: 1 + Math.floor(Math.random() * batch_count_max) }, () =>
        randomUUID(),
      );
      while (!(await this.#post(ids))) {
        this.failed_attempts += 1;
        await pause(retry_after_ms);
      }
    }
  }

  /** @param {string[]} ids @returns {Promise<boolean>} whether all are acknowledged */
  async #post(ids) {
    const nonce = randomUUID().replaceAll('-', '').slice(0, 16);
    const timestamp = new Date().toISOString();
    const answer = await this.#send({
      ...{ v: 1, nonce, sent_ms: Date.now(), offset_ms: 0, kind: 'events' },
      entries: ids.map((id) => ({
        ...{ id, timestamp, verb: 'progressed' },
        object: { id: 'https://courses.example.org/load', name: 'Load' },
      })),
    }).catch(() => null); // refused or reset: the relay is down, the batch is sent again
    if (answer === null || answer.nonce !== nonce) return false;
    if (answer.rejected.length > 0) throw new Error(`refused: ${JSON.stringify(answer)}`);
    for (const id of [...answer.accepted, ...answer.duplicate]) this.acknowledged.add(id);
    this.waiting = this.waiting.filter(({ count, reached }) => {
      if (this.acknowledged.size < count) return true;
      reached();
      return false;
    });
    return ids.every((id) => this.acknowledged.has(id));
  }

  /** @param {unknown} body @returns {Promise<any>} the answer, or null if it is none */
  #send(body) {
    return new Promise((done, failed) => {
      const sending = request(this.url, {
        method: 'POST',
        agent: this.agent,
        headers: { 'content-type': 'text/plain;charset=UTF-8', origin: this.origin },
      });
      sending.once('error', failed);
      sending.once('response', (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (part) => (text += part));
        response.once('error', failed);
        response.once('aborted', () => failed(new Error('cut off')));
        response.once('end', () => done(response.statusCode === 200 ? JSON.parse(text) : null));
      });
      sending.end(JSON.stringify(body));
    });
  }
}
