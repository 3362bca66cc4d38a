// Three tabs tell their lessons at once.
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';

import { loss_test } from './classroom.mjs';
import { lesson_events, track_slowly } from './lesson.mjs';
import { assert_kept_its_word, assert_nothing_lost } from './oracle.mjs';
import { flapping } from './plays.mjs';

async function tell_three_lessons(classroom) {
  const tabs = [];
  for (let count = 0; count < 3; ++count) tabs.push(await classroom.open_lesson());
  classroom.proxy.play(flapping);
  const lists = tabs.map(() => lesson_events());
  const fates = await Promise.all(tabs.map((tab, index) => tab.run(track_slowly, lists[index])));
  return { tabs, lists, fates: fates.flat() };
}

loss_test('nothing is lost: three tabs, the relay flapping', async (classroom) => {
  const { tabs, lists, fates } = await tell_three_lessons(classroom);
  await assert_nothing_lost(classroom, tabs[0], lists);
  await assert_kept_its_word(classroom, lists.flat(), fates);
  assert.ok(classroom.proxy.faults >= 3);
});

loss_test('nothing is lost: three tabs, the browser killed', async (classroom) => {
  const { lists, fates } = await tell_three_lessons(classroom);
  await pause(1000);
  await classroom.browser.kill();
  await classroom.start_browser();
  await assert_nothing_lost(classroom, await classroom.open_lesson(), lists);
  await assert_kept_its_word(classroom, lists.flat(), fates);
});
