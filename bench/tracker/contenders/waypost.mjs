// The tracker itself comes by its script tag.
import { definition_of, question_of } from '../quiz_answer.mjs';

window.bench = {
  async ready() {
    await window.waypost.defaults({
      context: {
        contextActivities: { grouping: [{ id: 'https://courses.example.org/first-aid' }] },
      },
    });
    await window.waypost.flush(); // The core is there.
  },
  answer(index) {
    const question = question_of(index);
    const { id, response, success, duration_s } = question;
    const object = { id, definition: definition_of(question) };
    return window.waypost('answered', { object, response, success, duration: duration_s });
  },
};
