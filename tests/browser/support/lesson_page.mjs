// A learner's page with the tracker, and what a test does with it.
import { start_course_server } from './course_server.mjs';

/**
 * @param {import('node:test').TestContext} t
 * @param {{new_visitor: Function}} browser shared by the tests of a file
 * @param {{interval_ms?: number}} [options] of the course's server
 */
export async function open_lesson(t, browser, options) {
  const server = await start_course_server(t, options);
  const visitor = await browser.new_visitor(t);
  const page = await visitor.newPage();
  await page.goto(`${server.origin}/course/lesson`);
  await tracker_ready(page);
  return { server, visitor, page };
}

/** Resolves when the tracker has taken over from its loader. */
export async function tracker_ready(page) {
  await page.waitForFunction(() => window.waypost);
  await page.evaluate(() => waypost.flush());
}

/** Tracks answers to so many questions in one tick; their ids. */
export const track_answers = (page, count, event = {}) =>
  page.evaluate(
    async ([events, rest]) => {
      const captured = await Promise.all(
        Array.from({ length: events }, (_, index) =>
          waypost('answered', { object: `https://courses.example.org/quiz/${index}`, ...rest }),
        ),
      );
      return captured.map(({ id }) => id);
    },
    [count, event],
  );

/** Tracks the events at once; where each was stored, and 'delivered' or the rule it broke. */
export const fates_of = (page, events) =>
  page.evaluate(async (list) => {
    const fates = new Map();
    const settled = new Promise((resolve) => {
      const settle = (id, fate) => {
        fates.set(id, fate);
        if (fates.size === list.length) resolve();
      };
      void waypost.on('delivered', ({ ids }) => ids.forEach((id) => settle(id, 'delivered')));
      void waypost.on('rejected', ({ id, violations }) => settle(id, violations[0].rule));
    });
    const captured = await Promise.all(list.map((event) => waypost.track(event)));
    await waypost.flush();
    await settled;
    return captured.map(({ id, stored }) => ({ stored, fate: fates.get(id) }));
  }, events);

/** In the page: resolves when nothing waits; no event tells of what other tabs have sent. */
export async function drained() {
  while ((await waypost.pending()) > 0) await new Promise((resolve) => setTimeout(resolve, 20));
}
