// Everything between a learner and the LRS, for one test: a browser with a profile, the course
// behind the fault proxy, the real relay, the practice LRS.
import { make_profile } from '../support/chromium.mjs';
import { no_relay, start_relay } from '../support/relay.mjs';
import { engine } from './engine.mjs';
import { start_fault_proxy } from './fault_proxy.mjs';
import { ready } from './lesson.mjs';
import { no_practice_lrs, start_practice_lrs } from './practice_lrs.mjs';

export const cannot_run = no_relay || no_practice_lrs;

const credential = { api_key: 'key', api_secret: 'secret' };

/** @param {import('node:test').TestContext} t */
export async function open_classroom(t) {
  const lrs = await start_practice_lrs(t, credential);
  const proxy = await start_fault_proxy(t);
  const relay = await start_relay(t, proxy.origin, {
    ...credential,
    lrs_url: lrs.statements_url,
    update_interval_s: 1,
  });
  proxy.relay_origin = relay.origin;
  const classroom = new Classroom(t, { lrs, proxy, relay, profile: await make_profile(t) });
  await classroom.start_browser();
  return classroom;
}

class Classroom {
  #t;
  #profile;

  constructor(t, { lrs, proxy, relay, profile }) {
    this.#t = t;
    this.#profile = profile;
    this.lrs = lrs;
    this.proxy = proxy;
    this.relay = relay;
  }

  /** The learner's browser, or the next one after it was killed. */
  async start_browser() {
    this.browser = await engine.launch(this.#t, this.#profile);
  }

  /** A tab with the lesson, its tracker at work. */
  async open_lesson() {
    const tab = await this.browser.open_tab();
    await tab.visit(`${this.proxy.origin}/lesson`);
    await tab.run(ready);
    return tab;
  }
}
