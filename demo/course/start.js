// The start page: one visit of the course begins here, whatever is clicked next.
import { course, report } from './course.js';

const visit_has_begun = 'visit-has-begun';

if (!sessionStorage.getItem(visit_has_begun)) {
  sessionStorage.setItem(visit_has_begun, 'yes');
  report('initialized', { object: course });
}
