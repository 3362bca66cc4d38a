import { WaypostError } from './waypost_error.js';

/** @import {Stored} from './capture.js' */
/** @import {Journal, JournalEntry} from './journal.js' */
/** @import {Line} from './line.js' */
/** @import {NewRow, Row} from './queue.js' */
/** @import {DiskQueue} from './queue_disk.js' */
/** @import {SpareQueue} from './queue_spare.js' */

/**
 * Keeps rows as safely as this browser can at the moment: on disk, else in the journal and memory,
 * from where they move to the disk when it is back.
 * @param {object} parts
 * @param {DiskQueue} parts.disk
 * @param {Line} parts.disk_line
 * @param {SpareQueue} parts.spare
 * @param {Line} parts.spare_line
 * @param {Journal | null} parts.journal
 */
export function create_storage({ disk, disk_line, spare, spare_line, journal }) {
  /** @param {NewRow} row @param {boolean} strict */
  const put_on_disk = (row, strict) => disk_line.put(row, () => disk.append(row, strict));

  /** @param {NewRow} row @returns {Promise<Stored>} */
  async function put_aside(row) {
    const seq = await spare_line.put(row, () => spare.append(row, false));
    return spare.stored_as(seq);
  }

  /** @param {Row} row */
  async function move({ seq, ...row }) {
    await put_on_disk(row, true);
    await spare.remove([seq]);
  }

  let moving = false;

  return {
    /** What is on its way to the relay meanwhile arrives twice, under one id. */
    async move_to_disk() {
      if (moving) return;
      moving = true;
      try {
        const { rows } = await spare.load(0, Infinity);
        await Promise.all(rows.map(move));
      } catch (error) {
        console.warn('waypost: the queue in this browser failed.', error);
      }
      moving = false;
    },

    /**
     * The write begins before it returns.
     * @param {NewRow} row
     * @param {boolean} strict
     * @returns {Promise<Stored>}
     */
    async keep(row, strict) {
      if (!disk.is_open()) {
        const putting = put_aside(row);
        void disk.try_open(); // What was put aside moves when it is open.
        return putting;
      }
      try {
        await put_on_disk(row, strict);
        return 'disk';
      } catch (error) {
        if (error instanceof WaypostError && error.code === 'queue-full') throw error;
        console.warn('waypost: the queue in this browser failed.', error);
        return put_aside(row);
      }
    },

    /**
     * Keeps a row that is in the journal already.
     * @param {JournalEntry} entry
     * @param {NewRow} row what it has become
     * @param {boolean} strict
     */
    async keep_journaled({ key }, row, strict) {
      if (disk.is_open()) {
        await put_on_disk(row, strict);
        journal?.remove(key);
      } else {
        await spare_line.put(row, () => spare.take_in(key, row));
      }
    },

    async pending() {
      const on_disk = disk.is_open() ? await disk.pending() : 0;
      return on_disk + (await spare.pending());
    },
  };
}
