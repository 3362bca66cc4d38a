// The quiz: each answer is reported when it is given, the score when the last one is.
import { course, part_of, quiz, report, within } from './course.js';
import { question_form } from './question_form.js';
import { questions } from './quiz_questions.js';

const right_answers_to_pass = 4;

const outcome = document.getElementById('outcome');

let answers = [];
let begun_ms = 0;

/** @param {{response: string, success: boolean}} answer */
function answered(question, { response, success }) {
  report('answered', {
    object: part_of(quiz, question.name, {
      type: 'cmi.interaction',
      name: question.text,
      definition: interaction(question),
    }),
    response,
    success,
    context: within(quiz),
  });
  answers.push(success);
  if (answers.length === questions.length) finished();
}

/** What the LRS needs to know to make sense of a response. */
function interaction({ kind, right, choices }) {
  if (kind === 'numeric') {
    return { interactionType: kind, correctResponsesPattern: [`${right}[:]${right}`] };
  }
  const definition = { interactionType: kind, correctResponsesPattern: [right] };
  if (!choices) return definition;
  const in_english = Object.entries(choices).map(([id, text]) => ({
    id,
    description: { en: text },
  }));
  return { ...definition, choices: in_english };
}

function finished() {
  const right = answers.filter(Boolean).length;
  const success = right >= right_answers_to_pass;
  const score = { scaled: right / questions.length, raw: right, min: 0, max: questions.length };
  const duration = (performance.now() - begun_ms) / 1000;
  report('completed', { object: quiz, completion: true, success, score, duration });
  report(success ? 'passed' : 'failed', { object: course, success, score });

  document.getElementById('outcome-title').textContent = success ? 'Passed' : 'Not yet';
  document.getElementById('outcome-text').textContent =
    `You answered ${right} of ${questions.length} questions right. ` +
    (success ? 'You know what to do.' : 'Read the lesson once more and try again.');
  outcome.hidden = false;
  outcome.focus();
}

function begin() {
  answers = [];
  begun_ms = performance.now();
  outcome.hidden = true;
  document
    .getElementById('questions')
    .replaceChildren(
      ...questions.map((question, index) =>
        question_form(question, index + 1, (answer) => answered(question, answer)),
      ),
    );
}

document.getElementById('again').addEventListener('click', () => {
  begin();
  window.scrollTo({ top: 0 });
});
begin();
