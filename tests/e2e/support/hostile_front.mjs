// A server before the practice LRS that answers with whatever bytes a test wants.
import { once } from 'node:events';
import { createServer } from 'node:http';

import { back_to, hand_on } from './hand_on.mjs';

/** @typedef {import('node:net').Socket} Socket */
/**
 * Answers with raw bytes on the socket, or with an answer as it should be and more behind it.
 * @typedef {(socket: Socket, answer: import('node:http').ServerResponse) => void} Spoil
 */

/** @param {import('node:test').TestContext} t */
export async function hostile_front(t) {
  const front = new HostileFront();
  t.after(() => {
    front.is_well();
    front.server.close();
    front.server.closeAllConnections();
  });
  front.server.listen(0, '127.0.0.1');
  await once(front.server, 'listening');
  return front;
}

class HostileFront {
  /** The port of the LRS behind it. */
  lrs_port = 0;
  /** Answers that were spoiled. */
  spoiled = 0;
  /** @type {{spoil: Spoil, stores: boolean} | null} */
  #fault = null;
  /** @type {Set<NodeJS.Timeout>} */
  #drips = new Set();

  constructor() {
    this.server = createServer((incoming, answer) => {
      if (!this.#fault) {
        hand_on(incoming, this.lrs_port, back_to(answer));
        return;
      }
      const { spoil, stores } = this.#fault;
      const { socket } = incoming;
      const spoils = () => {
        this.spoiled += 1;
        spoil(socket, answer);
      };
      socket.on('error', () => {}); // the relay hangs up, as it should
      if (!stores) {
        incoming.resume().on('end', spoils);
        return;
      }
      hand_on(incoming, this.lrs_port, {
        answered: (response) => void response.resume().on('end', spoils),
        failed: () => void socket.destroy(),
      });
    });
    this.server.keepAliveTimeout = 0;
    this.server.requestTimeout = 0;
    this.server.timeout = 0;
  }

  get url() {
    const { port } = /** @type {import('node:net').AddressInfo} */ (this.server.address());
    return `http://127.0.0.1:${port}/xapi/`;
  }

  /**
   * From now on each request is answered by `spoil`.
   * @param {Spoil} spoil
   * @param {{stores?: boolean}} settings whether the LRS behind it has the request before that
   */
  goes_wrong(spoil, { stores = false } = {}) {
    this.#fault = { spoil, stores };
  }

  is_well() {
    this.#fault = null;
    for (const drip of this.#drips) clearInterval(drip);
    this.#drips.clear();
  }

  /**
   * Sends one byte now and then, for as long as the relay listens.
   * @param {Socket} socket @param {string} text @param {number} interval_ms
   */
  drip(socket, text, interval_ms) {
    let at = 0;
    const drip = setInterval(() => socket.write(text[at++ % text.length]), interval_ms);
    this.#drips.add(drip);
    socket.once('close', () => clearInterval(drip));
  }
}

/**
 * Sends this again and again, for as long as the relay takes it.
 * @param {Socket} socket @param {string | Buffer} part @param {(bytes: number) => void} sent
 */
export function pour(socket, part, sent) {
  const more = () => {
    if (socket.destroyed) return;
    socket.write(part, (failed) => {
      if (failed) return;
      sent(part.length);
      more();
    });
  };
  more();
}
