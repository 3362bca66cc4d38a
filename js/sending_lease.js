import { random_uuid, uuid_text } from './random.js';
import { hold_max_ms, wait_max_ms } from './sending_turn.js';

/** @import {Clock} from './clock.js' */
/** @import {Queue} from './queue.js' */
/** @import {TakeTurn} from './sending_turn.js' */

const lease_ms = 15_000;
const lease_renewal_ms = 5000;
const lease_retry_ms = 1000;

/**
 * By a row of the queue, for pages without Web Locks. A page that dies keeps it for 15 s.
 * @param {Pick<Queue, 'setting'>} queue
 * @param {Clock} clock
 * @returns {TakeTurn}
 */
export function create_lease_turn(queue, clock) {
  const owner = uuid_text(random_uuid());

  /** @param {number} delay_ms */
  const passed = (delay_ms) =>
    new Promise((resolve) => clock.set_timer(() => resolve(undefined), delay_ms));

  /** @param {number} duration_ms @returns {Promise<boolean>} whether this page has it now */
  async function lease(duration_ms) {
    const now_ms = clock.now_ms();
    const wanted = { owner, until_ms: now_ms + duration_ms };
    try {
      const decided = await queue.setting('lease', (kept = '{"until_ms":0}') => {
        const lease = JSON.parse(kept);
        // A lease that ends later than any can was made under another clock.
        const is_free = lease.until_ms <= now_ms || lease.until_ms > now_ms + lease_ms;
        return is_free || lease.owner === owner ? JSON.stringify(wanted) : kept;
      });
      return JSON.parse(decided).owner === owner;
    } catch (error) {
      console.info('waypost: the lease cannot be read.', error);
      return true;
    }
  }

  return async (send) => {
    const wait_until_ms = clock.now_ms() + wait_max_ms;
    while (!(await lease(lease_ms)) && clock.now_ms() < wait_until_ms) await passed(lease_retry_ms);
    const hold_until_ms = clock.now_ms() + hold_max_ms;
    let under_way = true;
    const over = () => void (under_way = false);
    const sending = send();
    const sent = sending.then(over, over);
    while (under_way && clock.now_ms() < hold_until_ms) {
      await Promise.race([sent, passed(lease_renewal_ms)]);
      await lease(under_way ? lease_ms : 0);
    }
    return sending;
  };
}
