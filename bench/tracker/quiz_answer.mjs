// The work: a learner's answer to a question of a quiz, as each contender is told of it.

const course = 'https://courses.example.org/first-aid';

/** @param {number} index */
export const question_of = (index) => ({
  id: `${course}/quiz/${index}`,
  text: `Question ${index}: where do you put your hands for a chest compression?`,
  choices: { middle: 'In the middle of the chest', left: 'Above the heart, on the left' },
  right: 'middle',
  response: index % 3 === 0 ? 'left' : 'middle',
  success: index % 3 !== 0,
  duration_s: 10 + (index % 50) / 10,
});

/** As an activity of xAPI. @param {ReturnType<typeof question_of>} question */
export const definition_of = ({ text, choices, right }) => ({
  name: { en: text },
  type: 'http://adlnet.gov/expapi/activities/cmi.interaction',
  interactionType: 'choice',
  choices: Object.entries(choices).map(([id, words]) => ({ id, description: { en: words } })),
  correctResponsesPattern: [right],
});

/** A whole statement of xAPI, without what the libraries add. @param {number} index */
export function statement_of(index) {
  const question = question_of(index);
  const { id, response, success, duration_s } = question;
  return {
    actor: { account: { homePage: 'https://example.org', name: 'ada' } },
    verb: { id: 'http://adlnet.gov/expapi/verbs/answered', display: { en: 'answered' } },
    object: { id, definition: definition_of(question) },
    result: { response, success, duration: `PT${duration_s}S` },
    context: { contextActivities: { grouping: [{ id: course }] } },
  };
}
