// The page ends, in every way a page can end; the next visit delivers what is left.
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';

import { loss_test } from './classroom.mjs';
import { call_all, call_all_and_leave, lesson_events, track_all } from './lesson.mjs';
import { assert_kept_its_word, assert_nothing_lost } from './oracle.mjs';
import { always, answer, forward_all } from './plays.mjs';

loss_test('nothing is lost: the tab is closed at once', async (classroom) => {
  const tab = await classroom.open_lesson();
  const events = lesson_events();
  await tab.run(call_all, events);
  await tab.close();
  await assert_nothing_lost(classroom, await classroom.open_lesson(), [events]);
});

loss_test(
  'nothing is lost: the tab is closed a second later, the relay in trouble',
  async (classroom) => {
    const tab = await classroom.open_lesson();
    classroom.proxy.play(always(answer(503)));
    const events = lesson_events();
    await tab.run(call_all, events);
    await pause(1000);
    await tab.close();
    classroom.proxy.play(forward_all);
    await assert_nothing_lost(classroom, await classroom.open_lesson(), [events]);
  },
);

loss_test('nothing is lost: the page navigates at once', async (classroom) => {
  const tab = await classroom.open_lesson();
  const events = lesson_events();
  await tab.run(call_all_and_leave, { events, to: '/elsewhere' });
  await classroom.proxy.until_asked_for('/elsewhere');
  await assert_nothing_lost(classroom, await classroom.open_lesson(), [events]);
});

loss_test('nothing is lost: the page leaves before the tracker has loaded', async (classroom) => {
  classroom.proxy.hold_assets();
  const tab = await classroom.visit_lesson();
  // The journal has 256 KiB.
  const events = lesson_events({ homework_bytes: 100 });
  await tab.run(call_all_and_leave, { events, to: '/elsewhere' });
  await classroom.proxy.until_asked_for('/elsewhere');
  classroom.proxy.release_assets();
  await assert_nothing_lost(classroom, await classroom.open_lesson(), [events]);
});

loss_test('nothing is lost: the tab crashes, the relay in trouble', async (classroom) => {
  const tab = await classroom.open_lesson();
  classroom.proxy.play(always(answer(503)));
  const events = lesson_events();
  const fates = await tab.run(track_all, events);
  await tab.crash();
  classroom.proxy.play(forward_all);
  await assert_nothing_lost(classroom, await classroom.open_lesson(), [events]);
  await assert_kept_its_word(classroom, events, fates);
});

loss_test(
  'nothing is lost: the browser is killed a second later, the relay down',
  async (classroom) => {
    const tab = await classroom.open_lesson();
    await classroom.relay.kill();
    const events = lesson_events();
    const fates = await tab.run(track_all, events);
    await pause(1000);
    await classroom.browser.kill();
    await classroom.relay.start();
    assert.equal(await classroom.relay.waiting(), 0);
    await classroom.start_browser();
    await assert_nothing_lost(classroom, await classroom.open_lesson(), [events]);
    await assert_kept_its_word(classroom, events, fates);
  },
);
