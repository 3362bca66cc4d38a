// What the pages of the course share: its activities, and how they report what the learner does.

const base = 'https://courses.example.org/burns';

export const course = { id: base, type: 'course', name: 'Burns: the first twenty minutes' };
export const lesson = { id: `${base}/lesson`, type: 'lesson', name: 'Cool, clear, cover, call' };
export const quiz = { id: `${base}/quiz`, type: 'assessment', name: 'What do you do?' };

/** An activity within another, such as a section of the lesson. */
export function part_of(whole, name, rest) {
  return { id: `${whole.id}/${name}`, ...rest };
}

// Who looks at the tracker's panel on one page wants it on the next.
const panel_parameter = 'waypost-debug';
export const has_panel = new URLSearchParams(location.search).has(panel_parameter);
if (has_panel) {
  for (const link of document.querySelectorAll('a[href]')) link.search = `?${panel_parameter}`;
}

// Everything that is reported belongs to the course.
waypost.defaults({ context: { contextActivities: { grouping: [{ id: course.id }] } } });

/** Tells the panel what was reported; see queue_panel.js. */
export const reports = new EventTarget();

/** The context of an event about a part of something larger. */
export function within(whole) {
  return { contextActivities: { parent: [{ id: whole.id }] } };
}

/**
 * Reports an event. Nobody waits for it: the tracker keeps it on this device until it is delivered.
 */
export function report(verb, event) {
  const receipt = waypost(verb, event);
  const label = `${verb}: ${event.object.name}`;
  reports.dispatchEvent(new CustomEvent('report', { detail: { label, receipt } }));
}
