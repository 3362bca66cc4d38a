// How long the right to send is held and waited for: real locks and a real database, while the
// clock is the test's.
/* global lease, pass, settle, take */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { launch_shared_browser } from './support/chromium.mjs';
import { course_page, start_course_server } from './support/course_server.mjs';

const browser = await launch_shared_browser();

/**
 * A page in which `take(name)` asks for the right to send as another tab would, `began` lists who
 * got it, `end[name]()` ends what is sent, and `pass(seconds)` lets time pass.
 */
async function open_turns(t, kind) {
  const server = await start_course_server(t);
  const page = await (await browser.new_visitor(t)).newPage();
  server.pages.set('/empty', course_page('', 'No tracker here'));
  await page.goto(`${server.origin}/empty`);
  await page.evaluate(async (way) => {
    const { create_lock_turn } = await import('/js/sending_turn.js');
    const { create_lease_turn } = await import('/js/sending_lease.js');
    const { create_disk_queue } = await import('/js/queue_disk.js');
    const { page_clock } = await import('/js/clock.js');
    const disk = create_disk_queue('turns', page_clock, { unsent_rows: () => [], opened() {} });
    const timers = new Map();
    let now_ms = 1_800_000_000_000;
    let last_timer = 0;
    const clock = {
      now_ms: () => now_ms,
      set_timer(run, delay_ms) {
        timers.set((last_timer += 1), { run, at_ms: now_ms + delay_ms });
        return last_timer;
      },
      clear_timer: (timer) => void timers.delete(timer),
    };
    // What the database and the locks were asked for is answered after that.
    const settle = async () => {
      for (let times = 0; times < 3; times += 1) {
        await disk.setting('nothing', (kept) => kept ?? '');
        await navigator.locks.query();
      }
    };
    const take_turn = () =>
      way === 'lock'
        ? create_lock_turn('turns', navigator.locks, clock, new EventTarget())
        : create_lease_turn(disk, clock);
    window.began = [];
    window.end = {};
    Object.assign(window, {
      take(name) {
        const ended = new Promise((resolve) => (window.end[name] = resolve));
        void take_turn()(() => {
          window.began.push(name);
          return ended;
        });
        return settle();
      },
      async pass(seconds) {
        for (let second = 0; second < seconds; second += 1) {
          now_ms += 1000;
          for (const [timer, { run, at_ms }] of [...timers]) {
            if (at_ms <= now_ms && timers.delete(timer)) run();
          }
          await settle();
        }
      },
      settle,
      /** Another has it for so long. */
      lease: (seconds) =>
        disk.setting('lease', () =>
          JSON.stringify({ owner: 'another', until_ms: now_ms + seconds * 1000 }),
        ),
    });
    await settle();
  }, kind);
  return page;
}

for (const kind of ['lock', 'lease']) {
  test(`${kind}: who has sent makes way at once`, async (t) => {
    const page = await open_turns(t, kind);
    const began = await page.evaluate(async () => {
      await take('one');
      await take('two');
      const before = [...window.began];
      window.end.one();
      await settle();
      await pass(1); // A lease is looked at once a second.
      return [before, window.began];
    });
    assert.deepEqual(began, [['one'], ['one', 'two']]);
  });

  test(`${kind}: it is held as long as a send takes, and 30 s at most`, async (t) => {
    const page = await open_turns(t, kind);
    const began = await page.evaluate(async () => {
      await take('hanging');
      await pass(20);
      await take('next');
      await pass(9);
      const before = [...window.began];
      await pass(18); // A lease lapses 15 s after it was last renewed.
      return [before, window.began];
    });
    assert.deepEqual(began, [['hanging'], ['hanging', 'next']]);
  });
}

test('lease: one that others keep for ever is waited for for 35 s', async (t) => {
  const page = await open_turns(t, 'lease');
  const began = await page.evaluate(async () => {
    const others_hold = async (seconds) => {
      for (let second = 0; second < seconds; second += 1) {
        await lease(15);
        await pass(1);
      }
    };
    await lease(15);
    await take('waiting');
    await others_hold(33);
    const before = [...window.began];
    await others_hold(3);
    return [before, window.began];
  });
  assert.deepEqual(began, [[], ['waiting']]);
});

test('lease: one that was made by a clock years ahead holds nobody up', async (t) => {
  const page = await open_turns(t, 'lease');
  const began = await page.evaluate(async () => {
    await lease(5 * 365 * 86_400);
    await take('one');
    return window.began;
  });
  assert.deepEqual(began, ['one']);
});
