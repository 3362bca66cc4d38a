// When a page sends, besides what its delivery engine decides.

/** @import {Clock} from './clock.js' */
/** @import {Line} from './line.js' */
/** @import {DiskQueue} from './queue_disk.js' */

const look_interval_ms = 5000;

/**
 * @param {object} parts
 * @param {DiskQueue} parts.disk
 * @param {Line} parts.disk_line
 * @param {Line} parts.spare_line
 * @param {() => Promise<void>} parts.move_to_disk what was put aside while the disk failed
 * @param {Clock} parts.clock
 * @returns {{flush: () => void}}
 */
export function start_sending({ disk, disk_line, spare_line, move_to_disk, clock }) {
  const lines = [disk_line, spare_line];

  async function look_for_more() {
    if (!(await disk.try_open())) return;
    void move_to_disk(); // It may have been full, and open all the time.
    try {
      await disk_line.look_for_more();
    } catch (error) {
      console.info('waypost: the queue in this browser failed.', error);
    }
  }

  // Other tabs add to the queue, and may die before they have sent it.
  async function keep_looking() {
    await look_for_more();
    if (disk.is_possible()) clock.set_timer(keep_looking, look_interval_ms);
  }

  function flush_lines() {
    for (const line of lines) line.flush();
  }

  function wake() {
    disk.hurry();
    void look_for_more();
    for (const line of lines) line.wake();
  }

  function leave() {
    for (const line of lines) void line.exit_flush();
  }

  if (disk.is_possible()) disk_line.start();
  spare_line.start();
  clock.set_timer(keep_looking, look_interval_ms);
  window.addEventListener('online', wake);
  window.addEventListener('pageshow', (event) => event.persisted && wake());
  window.addEventListener('pagehide', leave);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') leave();
  });

  return {
    flush() {
      flush_lines();
      void look_for_more().then(flush_lines);
    },
  };
}
