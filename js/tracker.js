// Assembles the tracker in a page. The loader calls start() with what only it knows.
import { create_capture } from './capture.js';
import { page_clock } from './clock.js';
import { create_completion } from './completion.js';
import { CoreError, loadCore } from './core.js';
import { Driver } from './driver.js';
import { create_emitter } from './event_emitter.js';
import { create_page_api, take_over } from './page_api.js';
import { page_defaults } from './page_defaults.js';
import { create_memory_queue } from './queue_memory.js';
import { open_indexeddb_queue } from './queue_indexeddb.js';
import { random_bytes, random_uuid, uuid_text } from './random.js';
import { create_transport } from './transport.js';

/** @import {Core, Settings} from './core.js' */
/** @import {Early} from './early_capture.js' */
/** @import {Defaults} from './page_defaults.js' */
/** @import {Queue} from './queue.js' */

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
 * @property {Response} wasm
 * @property {Early} early
 */

// core/include/waypost/limits.hpp; the batch leaves room for what surrounds it in a request.
const batch_count_max = 100;
const batch_count_soon = 20;
const batch_bytes_max = 500 * 1024;
const backoff_base_ms = 2000;

/**
 * Rejects when something may be missing that another attempt can fetch.
 * @param {Boot} boot
 */
export async function start({ settings, post_url, wasm, early }) {
  const opening = open_queue(`waypost-${settings.organisation}`);
  try {
    const core = await loadCore(wasm);
    await assemble(core, await opening, settings, post_url, early);
  } catch (error) {
    if (!(error instanceof CoreError) || is_transfer_broken(error)) throw error;
    console.error('waypost: the tracker cannot run here.', error);
    take_over(early.calls, ([, , [, reject]]) => reject(error));
  }
}

/**
 * A TypeError is how fetch and WebAssembly speak of a transfer that broke off.
 * @param {CoreError} error
 */
const is_transfer_broken = (error) => error.cause instanceof TypeError;

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
 * @param {Core} core
 * @param {Queue} queue
 * @param {RelaySettings} settings
 * @param {string} post_url
 * @param {Early} early
 */
async function assemble(core, queue, settings, post_url, { calls, journal }) {
  const emitter = create_emitter();
  const clock = page_clock;
  /** @type {Settings} */
  const engine_settings = {
    hop: 'relay',
    // What is only in memory does not wait.
    interval_ms: queue.stored === 'disk' ? settings.interval_ms : 0,
    batch_count_max,
    batch_count_soon,
    batch_bytes_max,
    backoff_base_ms,
  };
  const driver = new Driver({
    engine: core.createEngine(engine_settings, seed()),
    settings: engine_settings,
    queue,
    post: create_transport(post_url, clock),
    clock,
    emitter,
    outlive_page: () => document.visibilityState === 'hidden' || queue.stored === 'memory',
  });
  const learner = await queue.setting('learner', () => uuid_text(random_uuid()));
  const actor = { account: { homePage: settings.self_declared_home_page, name: learner } };
  /** @type {Defaults} */
  let said = {};
  const capture = create_capture({
    completion: create_completion(core, settings.xapi_version),
    actor,
    defaults: () => ({ ...page_defaults(document), ...said }),
    async keep(row, strict) {
      const seq = await queue.append(row, strict);
      driver.enqueued({ ...row, seq });
      return queue.stored;
    },
    journal,
    emitter,
  });
  window.addEventListener('online', () => driver.wake());
  window.addEventListener('pageshow', (event) => event.persisted && driver.wake());
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') driver.flush();
  });
  const api = create_page_api({
    track: capture.track,
    emitter,
    defaults: (defaults) => void (said = { ...said, ...defaults }),
    flush: () => driver.flush(),
    pending: queue.pending,
  });
  // Before what is said from now on.
  const moving = journal?.entries().map(capture.take_over) ?? [];
  take_over(calls, api);
  driver.start();
  await Promise.all(moving);
}

/** For the engine's backoff, so that not all learners of a course retry in the same moment. */
function seed() {
  return new DataView(random_bytes(4).buffer).getUint32(0);
}
