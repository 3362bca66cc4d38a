// Assembles the tracker in a page. The loader calls start() with what only it knows.
import { create_capture } from './capture.js';
import { page_clock } from './clock.js';
import { loadCore } from './core.js';
import { create_emitter } from './event_emitter.js';
import { create_page_api, take_over } from './page_api.js';
import { page_defaults } from './page_defaults.js';
import { create_memory_queue } from './queue_memory.js';
import { open_indexeddb_queue } from './queue_indexeddb.js';
import { random_uuid, uuid_text } from './random.js';
import { Tracking } from './tracking.js';
import { create_transport } from './transport.js';

/** @import {Early} from './early_capture.js' */
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
  const { tracking, take_over_from_loader } = await assemble(settings, post_url);
  const decided = loading
    .then((core) => tracking.use_core(core))
    .catch((reason) => tracking.do_without_core(reason));
  const patience = new Promise((resolve) => page_clock.set_timer(() => resolve(0), patience_ms));
  await Promise.race([decided, patience]);
  await take_over_from_loader(early, decided);
}

/** @param {string} name */
async function open_queue(name) {
  try {
    return await open_indexeddb_queue(name);
  } catch (error) {
    console.info(
      'waypost: there is no IndexedDB here; what is not sent ends with the page.',
      error,
    );
    return create_memory_queue();
  }
}

/**
 * @param {RelaySettings} settings
 * @param {string} post_url
 */
async function assemble(settings, post_url) {
  const queue = await open_queue(`waypost-${settings.organisation}`);
  const emitter = create_emitter();
  const learner = await queue.setting('learner', () => uuid_text(random_uuid()));
  const actor = { account: { homePage: settings.self_declared_home_page, name: learner } };
  /** @type {Defaults} */
  let said = {};
  const tracking = new Tracking({
    queue,
    post: create_transport(post_url, page_clock),
    clock: page_clock,
    emitter,
    // What is only in memory does not wait.
    interval_ms: queue.stored === 'disk' ? settings.interval_ms : 0,
    version: settings.xapi_version,
    outlive_page: () => document.visibilityState === 'hidden' || queue.stored === 'memory',
  });
  window.addEventListener('online', () => tracking.wake());
  window.addEventListener('pageshow', (event) => event.persisted && tracking.wake());
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') tracking.flush();
  });

  /**
   * @param {Early} early
   * @param {Promise<void>} decided when it is known who sends
   */
  async function take_over_from_loader({ calls, journal }, decided) {
    const capture = create_capture({
      completion: tracking,
      actor,
      defaults: () => ({ ...page_defaults(document), ...said }),
      keep: (row, strict) => tracking.keep(row, strict),
      journal,
      emitter,
    });
    const api = create_page_api({
      track: capture.track,
      emitter,
      defaults: (defaults) => void (said = { ...said, ...defaults }),
      flush: () => decided.then(() => tracking.flush()),
      pending: queue.pending,
    });
    // Before what is said from now on.
    const moving = journal?.entries().map(capture.take_over) ?? [];
    take_over(calls, api);
    tracking.start_sending();
    await Promise.all(moving);
  }

  return { tracking, take_over_from_loader };
}
