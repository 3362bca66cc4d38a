// Assembles the tracker in a page. The loader calls start() with what only it knows.
import { create_capture } from './capture.js';
import { page_clock } from './clock.js';
import { loadCore } from './core.js';
import { create_emitter } from './event_emitter.js';
import { create_page_api, take_over } from './page_api.js';
import { page_defaults } from './page_defaults.js';
import { create_line } from './line.js';
import { create_disk_queue } from './queue_disk.js';
import { create_spare_queue } from './queue_spare.js';
import { random_uuid, uuid_text } from './random.js';
import { start_sending } from './sending.js';
import { create_lock_turn } from './sending_turn.js';
import { fetch_seldom_needed } from './seldom_needed.js';
import { create_storage } from './storage.js';
import { Tracking } from './tracking.js';
import { create_transport } from './transport.js';

/** @import {Call} from './call.js' */
/** @import {Clock} from './clock.js' */
/** @import {Early} from './early_capture.js' */
/** @import {Journal} from './journal.js' */
/** @import {DiskQueue} from './queue_disk.js' */
/** @import {TakeTurn} from './sending_turn.js' */
/** @import {Defaults} from './page_defaults.js' */

/**
 * The organisation's public settings, which the relay writes into the loader.
 * @typedef {object} RelaySettings
 * @property {string} prefix path of the relay on its server
 * @property {string} assets path of the folder of the tracker's files, with a slash at its end
 * @property {string} organisation
 * @property {number} interval_ms
 * @property {string} self_declared_home_page
 * @property {'1.0.3' | '2.0.0'} xapi_version
 */

/**
 * @typedef {object} Boot
 * @property {RelaySettings} settings
 * @property {string} post_url
 * @property {Promise<Response>} wasm
 * @property {Early} early
 */

// So long what a page says waits in the journal for the core, which would check it at once.
const patience_ms = 2000;

/** @param {Boot} boot */
export async function start({ settings, post_url, wasm, early }) {
  const loading = loadCore(wasm);
  // It may fail before anyone below looks at it, which is not the page's error.
  loading.catch(() => {});
  const { tracking, take_over_from_loader } = await assemble(settings, post_url, early.journal);
  const decided = loading
    .then((core) => tracking.use_core(core))
    .catch((reason) => tracking.do_without_core(reason));
  const patience = new Promise((resolve) => page_clock.set_timer(() => resolve(0), patience_ms));
  await Promise.race([decided, patience]);
  await take_over_from_loader(early.calls, decided);
}

/**
 * @param {DiskQueue} disk
 * @param {Clock} clock
 * @returns {TakeTurn}
 */
function fetched_turn(disk, clock) {
  const fetched = fetch_seldom_needed(clock).then(({ create_lease_turn }) =>
    create_lease_turn(disk, clock),
  );
  return async (send) => (await fetched)(send);
}

/**
 * @param {RelaySettings} settings
 * @param {string} post_url
 * @param {Journal | null} journal
 */
async function assemble({ organisation, ...settings }, post_url, journal) {
  const name = `waypost-${organisation}`;
  const clock = page_clock;
  const emitter = create_emitter();
  const disk = create_disk_queue(name, clock, {
    unsent_rows: () => disk_line.unsent_rows(),
    opened: () => void storage.move_to_disk(),
  });
  const spare = create_spare_queue(journal);
  const parts = {
    interval_ms: settings.interval_ms,
    post: create_transport(post_url, clock),
    take_turn: navigator.locks
      ? create_lock_turn(name, navigator.locks, clock, window)
      : fetched_turn(disk, clock),
    clock,
    emitter,
  };
  const disk_line = create_line({ ...parts, queue: disk });
  const spare_line = create_line({ ...parts, queue: spare });
  const storage = create_storage({ disk, disk_line, spare, spare_line, journal });
  const tracking = new Tracking([disk_line, spare_line], settings.xapi_version);
  const remembering = (await disk.try_open()) ? disk : spare;
  const learner = await remembering.setting('learner', (kept) => kept ?? uuid_text(random_uuid()));

  /**
   * @param {Call[]} calls
   * @param {Promise<void>} decided when it is known who sends
   */
  async function take_over_from_loader(calls, decided) {
    /** @type {Defaults} */
    let said = {};
    const capture = create_capture({
      completion: tracking,
      actor: { account: { homePage: settings.self_declared_home_page, name: learner } },
      defaults: () => page_defaults(document, said),
      storage,
      journal,
      emitter,
    });
    const { move_to_disk } = storage;
    const { flush } = start_sending({ disk, disk_line, spare_line, move_to_disk, clock });
    // In the order in which it was said: what the journal holds, what waits for the tracker.
    const moving = capture.take_over_journal();
    const api = create_page_api({
      track: capture.track,
      emitter,
      defaults: (defaults) => void (said = { ...said, ...defaults }),
      flush: () => Promise.all([decided, moving]).then(flush),
      pending: storage.pending,
    });
    take_over(calls, api);
    await moving;
  }

  return { tracking, take_over_from_loader };
}
