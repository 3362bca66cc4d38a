// What the learner does in the lesson, and the functions that report it. Those run in the page.
import { randomUUID } from 'node:crypto';

const kinds = [
  { verb: 'experienced' },
  { verb: 'answered', score: 0.5, success: true },
  { verb: 'interacted' },
  { verb: 'progressed' },
  { verb: 'experienced' },
  { verb: 'interacted', response: 'naïve 🙂' },
  { verb: 'completed', score: { raw: 8, min: 0, max: 10 } },
];

/**
 * Events of about 1 KiB, in three lanes: two registrations and none. Each has an object of its own
 * by which it is known at the end, whatever becomes of its id.
 */
export function lesson_events({ count = 200, homework_bytes = 700 } = {}) {
  const homework = 'x'.repeat(homework_bytes);
  const lesson = `https://courses.example.org/${randomUUID()}`;
  const lanes = [randomUUID(), randomUUID(), undefined];
  return Array.from({ length: count }, (_, index) => ({
    ...kinds[index % kinds.length],
    object: `${lesson}/${index}`,
    result: { extensions: { 'https://example.org/homework': homework } },
    context: { registration: lanes[index % lanes.length] },
  }));
}

/** All in one tick; waits for nothing. */
export function call_all(events) {
  for (const event of events) waypost.track(event).catch(() => undefined);
}

/** The page leaves in the very tick of the last call. */
export function call_all_and_leave({ events, to }) {
  for (const event of events) waypost.track(event).catch(() => undefined);
  location.href = to;
}

/** Resolves with the fate of each event, in order: {id, stored} or {code, violations}. */
export function track_all(events) {
  return Promise.all(
    events.map((event) =>
      waypost.track(event).catch(({ code, violations }) => ({ code, violations })),
    ),
  );
}

/** As track_all, but so that requests are sent in between. */
export async function track_slowly(events) {
  const fates = [];
  for (const event of events) {
    fates.push(waypost.track(event).catch(({ code, violations }) => ({ code, violations })));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return Promise.all(fates);
}

/** Keeps what the page is told of refused events, for rejections(). */
export async function hear_rejections() {
  window.rejections = [];
  await waypost.on('rejected', (detail) => window.rejections.push(detail));
}

export const rejections = () => window.rejections;

/** Resolves when the tracker of the page works. */
export const ready = () => waypost.pending();

/** The bodies and reasons of this browser's dead letters. */
export function dead_letters() {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open('waypost-example');
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const database = opening.result;
      const reading = database.transaction('dead').objectStore('dead').getAll();
      reading.onerror = () => reject(reading.error);
      reading.onsuccess = () => {
        database.close();
        resolve(reading.result.map(({ body, reason }) => ({ body, reason })));
      };
    };
  });
}
