// Learners who post all the time, and again what was not acknowledged, until they are told to end.
import { setTimeout as pause } from 'node:timers/promises';

import { statements } from '../e2e/support/statements.mjs';
import { try_to_deliver } from './oracle.mjs';

/** @param {import('../e2e/support/relay.mjs').Relay} relay @param {number} count of learners */
export function learners_at(relay, count) {
  return new Learners(relay, count);
}

class Learners {
  /** @type {import('../e2e/support/statements.mjs').Statement[]} */
  acknowledged = [];
  refusals = 0;
  #is_over = false;
  #all;

  /** @param {import('../e2e/support/relay.mjs').Relay} relay @param {number} count */
  constructor(relay, count) {
    this.relay = relay;
    this.#all = Promise.all(Array.from({ length: count }, () => this.#learn()));
  }

  /** When each has finished what it began; so the relay must be up. */
  async end() {
    this.#is_over = true;
    await this.#all;
  }

  async #learn() {
    while (!this.#is_over) {
      const work = statements(1 + Math.floor(Math.random() * 8));
      while (!(await try_to_deliver(this.relay, work))) {
        this.refusals += 1;
        await pause(10);
      }
      this.acknowledged.push(...work);
      await pause(20); // The practice LRS must hold all of it.
    }
  }
}
