/** @import {Clock} from './clock.js' */
/** @import {Emitter} from './event_emitter.js' */
/** @import {Queue} from './queue.js' */
/** @import {Post} from './transport.js' */
/** @import {Unsent, UnsentRows} from './unsent_rows.js' */

// core/include/waypost/limits.hpp: kExitFlushBytesMax, kPostEntriesMax.
const bytes_max = 48 * 1024;
const count_max = 100;
// What surrounds the entries in a request.
const envelope_bytes = 512;

/**
 * Makes what sends, in the tick of the call, as much as possible of what this page has not sent: a
 * page that is hidden may never run again. It only makes things faster: what it sends stays in the
 * queue until the relay has answered.
 * @param {object} parts
 * @param {UnsentRows} parts.unsent
 * @param {Queue} parts.queue
 * @param {Post} parts.post
 * @param {Clock} parts.clock
 * @param {Emitter} parts.emitter
 * @param {() => Set<string>} parts.lanes_in_flight
 * @returns {() => Promise<void>} never rejects
 */
export function create_exit_flush({ unsent, queue, post, clock, emitter, lanes_in_flight }) {
  /** @type {Set<Unsent>} */
  const under_way = new Set();

  /** The oldest that fit, of each lane without a gap. */
  function chosen() {
    const held = new Set([...lanes_in_flight(), ...[...under_way].map(({ row }) => row.lane)]);
    const now_ms = clock.now_ms();
    /** @type {Unsent[]} */
    const fitting = [];
    let bytes = envelope_bytes;
    for (const one of unsent.all()) {
      const { row } = one;
      if (held.has(row.lane)) continue;
      const fits =
        row.next_at_ms <= now_ms &&
        row.group === (fitting[0]?.row ?? row).group &&
        fitting.length < count_max &&
        bytes + row.bytes + 1 <= bytes_max;
      if (fits) {
        fitting.push(one);
        bytes += row.bytes + 1;
      } else {
        held.add(row.lane);
      }
    }
    return fitting;
  }

  /** @param {Unsent[]} sent */
  async function send(sent) {
    // Those that are not in the queue yet have no key of their own.
    const { outcome } = await post(
      sent.map(({ row }, index) => ({ ...row, seq: index })),
      true,
    );
    const stored = outcome.results.filter(({ answer }) => answer === 'stored');
    const settled = stored.map(({ key }) => sent[key]);
    if (settled.length === 0) return;
    for (const one of settled) unsent.drop(one);
    emitter.emit('delivered', { ids: settled.map(({ row }) => row.id) });
    await queue.remove(settled.flatMap(({ row }) => ('seq' in row ? [row.seq] : [])));
  }

  return async () => {
    const sent = chosen();
    if (sent.length === 0) return;
    for (const one of sent) under_way.add(one);
    try {
      await send(sent);
    } catch (error) {
      console.error('waypost: the queue in this browser failed.', error);
    } finally {
      for (const one of sent) under_way.delete(one);
    }
  };
}
