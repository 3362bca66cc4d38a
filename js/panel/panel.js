// What `?waypost-debug` in a page's address opens: a look at the queue, at what was delivered, and
// at what was refused and why. A file of its own, which only such a page fetches. It reads, and
// changes nothing.
import { page_clock } from '../clock.js';
import { listen_to_calls } from './calls.js';
import { look_into_queue } from './queue_look.js';
import { Record } from './record.js';
import { create_view } from './view.js';

/** @import {Events} from '../event_emitter.js' */

const look_interval_ms = 500;
// A browser whose disk hangs must not keep the tracker from starting.
const first_look_max_ms = 1000;

/** @typedef {{on: <N extends keyof Events>(name: N, listener: (detail: Events[N]) => void) => void,
 *   flush: () => Promise<void>, pending: () => Promise<number>}} Page  the tracker's API */

let is_open = false;

/**
 * To be called before the tracker starts, so that nothing is missed that it tells or sends. A
 * loader that tries again calls it again.
 * @param {string} organisation
 * @returns {Promise<void>} when the panel has seen what waits already
 */
export async function open_panel(organisation) {
  if (is_open) return;
  is_open = true;
  const api = window.waypost;
  const page = /** @type {Page} */ (/** @type {unknown} */ (api));
  const record = new Record(page_clock.now_ms);
  const view = create_view({ send_now: () => void page.flush() });
  const show = () => view.show(record.contents(), page_clock.now_ms());

  page.on('delivered', ({ ids }) => record.delivered(ids));
  page.on('rejected', (refusal) => record.rejected(refusal));
  page.on('blocked', (trouble) => record.troubled(trouble));
  listen_to_calls(api.q, record);
  const started = page.pending().then(() => {
    // The tracker has put its own way to take calls in the place of the first.
    listen_to_calls(api.q, record);
    record.started();
  });

  async function look() {
    try {
      const found = await look_into_queue(organisation);
      record.found(found);
      if (!found.has_database) void count();
    } catch (error) {
      console.info('waypost: the panel cannot read the queue.', error);
    }
    show();
    page_clock.set_timer(look, look_interval_ms);
  }
  // Where nothing can be looked at, the tracker can still count.
  const count = () => started.then(page.pending).then((waiting) => record.counted(waiting));
  const patience = new Promise((resolve) => {
    page_clock.set_timer(() => resolve(0), first_look_max_ms);
  });
  await Promise.race([look(), patience]);
}
