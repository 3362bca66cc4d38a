// One event of two hundred is bad; the others arrive, and the page hears why that one does not.
import assert from 'node:assert/strict';

import { loss_test } from './classroom.mjs';
import { hear_rejections, lesson_events, rejections, track_all } from './lesson.mjs';
import { assert_kept_its_word, assert_nothing_lost } from './oracle.mjs';

const place = 77;

/** The lesson, told but for one event that is as `members` say. */
async function tell_with_poison(classroom, members) {
  const tab = await classroom.open_lesson();
  const others = lesson_events();
  const [poison] = others.splice(place, 1);
  const events = others.toSpliced(place, 0, { ...poison, ...members });
  await tab.run(hear_rejections);
  const fates = await tab.run(track_all, events);
  const [fate] = fates.splice(place, 1);
  return { tab, others, fates, poison, fate };
}

/** Who refuses it says so to listeners. */
async function assert_heard(tab, id, code, { rule, path }) {
  const heard = await tab.run(rejections);
  assert.deepEqual(
    heard.map((told) => [told.id, told.code, told.violations[0].rule, told.violations[0].path]),
    [[id, code, rule, path]],
  );
}

loss_test('nothing else is lost: an event that breaks a rule', async (classroom) => {
  const { tab, others, fates, poison, fate } = await tell_with_poison(classroom, {
    score: 'very good',
  });
  const here = classroom.core === 'wasm';
  await assert_nothing_lost(classroom, tab, [others], here ? [] : [poison.object]);
  await assert_kept_its_word(classroom, others, fates);
  const code = here ? 'statement-invalid' : 'refused';
  await assert_heard(tab, here ? null : fate.id, code, { rule: 'event.score', path: '/score' });
  if (here) assert.equal(fate.code, code);
});

loss_test('nothing else is lost: a statement that the relay refuses', async (classroom) => {
  const { tab, others, fates, poison, fate } = await tell_with_poison(classroom, {
    actor: { objectType: 'Group', mbox: 'mailto:all@example.org' },
  });
  await assert_nothing_lost(classroom, tab, [others], [poison.object]);
  await assert_kept_its_word(classroom, others, fates);
  const violation = { rule: 'actor.group-not-allowed', path: '/actor' };
  await assert_heard(tab, fate.id, 'refused', violation);
});
