// Everything between a learner and the LRS, for one test: a browser with a profile, the course
// behind the fault proxy, the real relay, the practice LRS.
import { test } from 'node:test';

import { no_relay, start_relay } from '../support/relay.mjs';
import { engine } from './engine.mjs';
import { start_fault_proxy } from './fault_proxy.mjs';
import { ready } from './lesson.mjs';
import { no_practice_lrs, start_practice_lrs } from './practice_lrs.mjs';

const cannot_run = no_relay || no_practice_lrs;

/** Who completes and sends in the page, and the policy that makes it so. */
const cores = [
  { core: 'wasm', security_policy: "script-src 'self' 'wasm-unsafe-eval'" },
  { core: 'fallback', security_policy: "script-src 'self'" },
];

const credential = { api_key: 'key', api_secret: 'secret' };

/**
 * A test in a classroom of its own, with the core in the page and without.
 * @param {string} name
 * @param {(classroom: Classroom) => Promise<void>} run
 */
export function loss_test(name, run) {
  for (const core of cores) {
    test(`${name} (${core.core})`, { skip: cannot_run }, async (t) => {
      await run(await open_classroom(t, core));
    });
  }
}

async function open_classroom(t, { core, security_policy }) {
  const lrs = await start_practice_lrs(t, credential);
  const proxy = await start_fault_proxy(t, security_policy);
  const relay = await start_relay(t, proxy.origin, {
    ...credential,
    lrs_url: lrs.statements_url,
    update_interval_s: 1,
  });
  proxy.relay_origin = relay.origin;
  const profile = await engine.make_profile(t);
  const classroom = new Classroom(t, { core, lrs, proxy, relay, profile });
  await classroom.start_browser();
  return classroom;
}

class Classroom {
  #t;
  #profile;

  constructor(t, { core, lrs, proxy, relay, profile }) {
    this.#t = t;
    this.#profile = profile;
    this.core = core;
    this.lrs = lrs;
    this.proxy = proxy;
    this.relay = relay;
  }

  /** The learner's browser, or the next one after it was killed. */
  async start_browser() {
    this.browser = await engine.launch(this.#t, this.#profile);
  }

  /** A tab with the lesson. */
  async visit_lesson() {
    const tab = await this.browser.open_tab();
    await tab.visit(`${this.proxy.origin}/lesson`);
    return tab;
  }

  /** A tab with the lesson, its tracker at work. */
  async open_lesson() {
    const tab = await this.visit_lesson();
    await tab.run(ready);
    return tab;
  }
}
