// The network and the relay fail while the page stays open; all is delivered by itself.
import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import { loss_test } from './classroom.mjs';
import { lesson_events, track_all, track_slowly } from './lesson.mjs';
import { assert_kept_its_word, assert_nothing_lost } from './oracle.mjs';
import {
  always,
  answer,
  first,
  forward_all,
  half_reset,
  hang,
  limit_bytes,
  portal,
} from './plays.mjs';

/** The tracker gets over the play alone. */
function play_test(name, play, { faults_min, track = track_all }) {
  loss_test(`nothing is lost: ${name}`, async (classroom) => {
    const tab = await classroom.open_lesson();
    classroom.proxy.play(play);
    const events = lesson_events();
    const fates = await tab.run(track, events);
    await assert_nothing_lost(classroom, tab, [events]);
    await assert_kept_its_word(classroom, events, fates);
    assert.ok(classroom.proxy.faults >= faults_min, `${classroom.proxy.faults} faults only`);
  });
}

// A few at a time: they wait more than they work.
describe('the network fails', { concurrency: 3 }, () => {
  loss_test('nothing is lost: offline for ten seconds', async (classroom) => {
    const tab = await classroom.open_lesson();
    const events = lesson_events();
    await classroom.browser.set_offline(true);
    const back = pause(10_000);
    const fates = await tab.run(track_slowly, events);
    await back;
    assert.equal((await classroom.lrs.statements(0)).length, 0);
    await classroom.browser.set_offline(false);
    await assert_nothing_lost(classroom, tab, [events]);
    await assert_kept_its_word(classroom, events, fates);
  });

  play_test('the relay hangs', first(1, hang), { faults_min: 1 });

  play_test('the relay answers 503', first(3, answer(503)), { faults_min: 3 });

  play_test('the relay answers 500', first(3, answer(500)), { faults_min: 3 });

  play_test(
    'the relay answers 429 with Retry-After',
    first(2, answer(429, { 'retry-after': '2' })),
    {
      faults_min: 2,
    },
  );

  play_test('whatever has more than 10 KB is too large', limit_bytes(10_000), { faults_min: 1 });

  play_test('half of the requests are reset', half_reset, { faults_min: 3, track: track_slowly });

  loss_test("nothing is lost: a captive portal's page in front of the relay", async (classroom) => {
    const tab = await classroom.open_lesson();
    classroom.proxy.play(always(portal));
    const events = lesson_events();
    const fates = await tab.run(track_all, events);
    await classroom.proxy.until_faults(2);
    classroom.proxy.play(forward_all);
    await assert_nothing_lost(classroom, tab, [events]);
    await assert_kept_its_word(classroom, events, fates);
  });
});
