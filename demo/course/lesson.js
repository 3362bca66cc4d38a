// The lesson: a section is experienced when its end has been on the screen, and the lesson is
// completed when all of them have. The video is there for those who like to see it first.
import { lesson, part_of, report, within } from './course.js';
import { follow_video } from './video.js';

const unread = new Set(document.querySelectorAll('main section'));
const opened_ms = performance.now();

const observer = new IntersectionObserver(
  (changes) => {
    for (const { isIntersecting, target } of changes) {
      if (isIntersecting) read(target.closest('section'));
    }
  },
  { threshold: 1 },
);
for (const section of unread) observer.observe(section.lastElementChild);

function read(section) {
  if (!unread.delete(section)) return;
  observer.unobserve(section.lastElementChild);
  report('experienced', {
    object: part_of(lesson, section.id, { type: 'section', name: section.dataset.title }),
    context: within(lesson),
  });
  if (unread.size === 0) {
    report('completed', {
      object: lesson,
      completion: true,
      duration: (performance.now() - opened_ms) / 1000,
    });
  }
}

follow_video(document.querySelector('video'), {
  object: part_of(lesson, 'video', { type: 'video', name: 'The four steps' }),
  context: within(lesson),
});
