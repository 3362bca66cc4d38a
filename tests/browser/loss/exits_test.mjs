// The page ends, in every way a page can end; the next visit delivers what is left.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import { cannot_run, open_classroom } from './classroom.mjs';
import { call_all, call_all_and_leave, lesson_events, track_all } from './lesson.mjs';
import { assert_kept_its_word, assert_nothing_lost } from './oracle.mjs';

/** 200 events, an end of the page, and the next visit. */
function exit_test(name, end) {
  test(`nothing is lost: ${name}`, { skip: cannot_run }, async (t) => {
    const classroom = await open_classroom(t);
    const events = lesson_events();
    const fates = await end(classroom, await classroom.open_lesson(), events);
    await assert_nothing_lost(classroom, await classroom.open_lesson(), [events]);
    if (fates !== undefined) await assert_kept_its_word(classroom, events, fates);
  });
}

exit_test('the tab is closed at once', async (classroom, tab, events) => {
  await tab.run(call_all, events);
  await tab.close();
});

exit_test('the tab is closed a second later', async (classroom, tab, events) => {
  await tab.run(call_all, events);
  await pause(1000);
  await tab.close();
});

exit_test('the page navigates at once', async ({ proxy }, tab, events) => {
  await tab.run(call_all_and_leave, { events, to: '/elsewhere' });
  await proxy.until_asked_for('/elsewhere');
});

exit_test('the tab crashes', async (classroom, tab, events) => {
  const fates = await tab.run(track_all, events);
  await tab.crash();
  return fates;
});

exit_test(
  'the browser is killed a second later, the relay down',
  async (classroom, tab, events) => {
    await classroom.relay.kill();
    const fates = await tab.run(track_all, events);
    await pause(1000);
    await classroom.browser.kill();
    await classroom.relay.start();
    assert.equal(await classroom.relay.waiting(), 0);
    await classroom.start_browser();
    return fates;
  },
);
