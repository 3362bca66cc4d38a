// One event of two hundred is bad; the others arrive, and the page hears why that one does not.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { cannot_run, open_classroom } from './classroom.mjs';
import { hear_rejections, lesson_events, rejections, track_all } from './lesson.mjs';
import { assert_kept_its_word, assert_nothing_lost } from './oracle.mjs';

const place = 77;

/** The lesson, told but for one event that is as `members` say. */
async function tell_with_poison(t, members) {
  const classroom = await open_classroom(t);
  const tab = await classroom.open_lesson();
  const others = lesson_events();
  const [poison] = others.splice(place, 1);
  await tab.run(hear_rejections);
  const events = others.toSpliced(place, 0, { ...poison, ...members });
  const fates = await tab.run(track_all, events);
  const [fate] = fates.splice(place, 1);
  return { classroom, tab, others, fates, poison, fate };
}

test('nothing else is lost: an event that breaks a rule', { skip: cannot_run }, async (t) => {
  const told = await tell_with_poison(t, { score: 'very good' });
  await assert_nothing_lost(told.classroom, told.tab, [told.others]);
  await assert_kept_its_word(told.classroom, told.others, told.fates);
  assert.equal(told.fate.code, 'statement-invalid');
  const [{ rule, path }] = told.fate.violations;
  assert.deepEqual([rule, path], ['event.score', '/score']);
});

test(
  'nothing else is lost: a statement that the relay refuses',
  { skip: cannot_run },
  async (t) => {
    const actor = { objectType: 'Group', mbox: 'mailto:all@example.org' };
    const told = await tell_with_poison(t, { actor });
    await assert_nothing_lost(told.classroom, told.tab, [told.others], [told.poison.object]);
    await assert_kept_its_word(told.classroom, told.others, told.fates);
    const heard = await told.tab.run(rejections);
    assert.deepEqual(
      heard.map(({ id, code, violations: [{ rule, path }] }) => ({ id, code, rule, path })),
      [{ id: told.fate.id, code: 'refused', rule: 'actor.group-not-allowed', path: '/actor' }],
    );
  },
);
