// A relay and the practice LRS behind it, and what must hold at the end of every row.
import assert from 'node:assert/strict';

import { practice_lrs } from '../support/practice_lrs.mjs';
import { running_relay } from '../support/relay.mjs';
import { until } from '../support/until.mjs';

const api_secret = 'canary-secret-of-the-lrs';

/**
 * @typedef {import('../support/statements.mjs').Statement} Statement
 * @typedef {{id: string, reason: string, status: number}} Death
 */

/**
 * @param {import('node:test').TestContext} t
 * @param {{interval_s?: number, settings?: string, more?: string, url?: string,
 *   inside?: (store_folder: string) => string[]}} settings `url` where the LRS is not spoken to
 *   directly; `inside` as of Relay
 */
export async function on_stage(t, { interval_s = 1, settings = '', more = '', url, inside } = {}) {
  const lrs = await practice_lrs(t, api_secret);
  const destination = {
    url: url ?? lrs.xapi_url,
    api_secret,
    settings: `update_interval_s = ${interval_s}\n${settings}`,
  };
  const relay = await running_relay(
    t,
    { school: [destination] },
    { more: `[alerts]\noutage_after_s = 0\n${more}`, inside },
  );
  return new Stage(relay, lrs, destination);
}

export class Stage {
  /** What was accepted. @type {Statement[]} */
  posted = [];

  /**
   * @param {import('../support/relay.mjs').Relay} relay
   * @param {import('../support/practice_lrs.mjs').PracticeLrs} lrs
   * @param {import('../support/relay.mjs').Destination} destination
   */
  constructor(relay, lrs, destination) {
    this.relay = relay;
    this.lrs = lrs;
    this.destination = destination;
  }

  /** @param {Statement[]} statements */
  async posts(statements) {
    await this.relay.accepts(statements);
    this.posted.push(...statements);
    return statements;
  }

  /** Waits for what the books say. @param {Partial<import('../support/relay.mjs').Ledger>} terms */
  async books(terms) {
    return until(
      `the books say ${JSON.stringify(terms)}`,
      async () => {
        const ledger = await this.relay.ledger();
        return Object.entries(terms).every(([term, value]) => ledger[term] === value);
      },
      { otherwise: async () => [await this.relay.ledger(), this.relay.log_text.slice(-4000)] },
    );
  }

  /** @param {'blocked' | 'outage'} condition @param {boolean} lasts */
  async condition(condition, lasts = true) {
    await until(`it is${lasts ? '' : ' no longer'} ${condition}`, async () => {
      return (await this.relay.is_in(condition)) === lasts;
    });
  }

  /** The LRS has had so many batches. @param {number} count */
  async requests(count) {
    await until(`${count} requests`, async () => (await this.lrs.posts()).length >= count, {
      otherwise: () => this.lrs.requests(),
    });
  }

  /** Alerts of the log, once there are so many. @param {number} count */
  async alerts(count) {
    await until(`${count} alerts`, () => this.relay.alerts().length >= count, {
      otherwise: () => this.relay.alerts(),
    });
    return this.relay.alerts();
  }

  /**
   * The end: nothing waits, the LRS has every other statement once and byte for byte, these are the
   * dead letters, and the books balance.
   * @param {{dead?: Death[], already_there?: number}} expected
   *   `already_there` counts those of which the LRS said so
   */
  async ends({ dead = [], already_there = 0 } = {}) {
    const good = this.posted.length - dead.length;
    await this.books({
      accepted: this.posted.length,
      delivered: good - already_there,
      already_there,
      dead_letters: dead.length,
      waiting: 0,
    });
    const dead_ids = new Set(dead.map(({ id }) => id));
    await this.lrs_has_once(this.posted.filter(({ id }) => !dead_ids.has(id)));
    await this.has_buried(dead);
    await this.spoke_as_it_should();
  }

  /** And nothing else. @param {Statement[]} statements */
  async lrs_has_once(statements) {
    const stored = await this.lrs.statements(statements.length);
    assert.deepEqual(
      new Map(stored.map(({ id, text }) => [id, text])),
      new Map(statements.map(({ id, text }) => [id, text])),
    );
    assert.equal(stored.length, statements.length);
    assert.ok(stored.every(({ sent_differently }) => sent_differently === 0));
  }

  /** These and no others. @param {Death[]} dead */
  async has_buried(dead) {
    const by_id = (/** @type {Death} */ a, /** @type {Death} */ b) => (a.id < b.id ? -1 : 1);
    const letters = await this.relay.dead_letters();
    assert.deepEqual(
      letters.map(({ id, reason, status }) => ({ id, reason, status })).sort(by_id),
      dead.map(({ id, reason, status }) => ({ id, reason, status })).sort(by_id),
    );
    for (const { attempts } of letters) assert.ok(attempts >= 1);
    return letters;
  }

  /** Whatever went wrong: batches by POST, look-ups by GET, and no secret in the log. */
  async spoke_as_it_should() {
    for (const { method, target, headers: as_sent } of await this.lrs.requests()) {
      const headers = Object.fromEntries(
        Object.entries(as_sent).map(([name, value]) => [name.toLowerCase(), value]),
      );
      if (method === 'POST') {
        assert.equal(target, '/xapi/statements');
        assert.equal(headers['content-type'], 'application/json');
      } else {
        assert.match(`${method} ${target}`, /^GET \/xapi\/statements\?(voidedS|s)tatementId=/);
      }
      assert.equal(headers['x-experience-api-version'], '1.0.3');
    }
    assert.ok(!this.relay.log_text.includes(api_secret));
  }

  /** The most requests that finding so many bad ones of a batch may take. */
  static requests_max(/** @type {number} */ bad, /** @type {number} */ batch) {
    return 2 * bad * Math.ceil(Math.log2(batch)) + 1;
  }
}

/**
 * @param {Statement[]} statements @param {string} verb
 * @param {string} reason @param {number} status
 */
export const deaths = (statements, verb, reason, status) =>
  statements.filter((one) => one.verb === verb).map(({ id }) => ({ id, reason, status }));
