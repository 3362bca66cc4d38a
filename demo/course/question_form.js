// One question on the page: its choices or its blank, and what it says once it is answered.

/** An element with properties and children. */
function element(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

/** @param {(answer: {response: string, success: boolean}) => void} on_answer called once */
export function question_form(question, number, on_answer) {
  const feedback = element('p', { className: 'feedback', role: 'status' });
  const button = element('button', { className: 'button', textContent: 'Check the answer' });
  const fieldset = element(
    'fieldset',
    {},
    element('legend', { textContent: `${number}. ${question.text}` }),
    ...(question.choices ? choices(question) : [blank(question)]),
    button,
  );
  const form = element('form', { className: 'question' }, fieldset, feedback);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const response = new FormData(form).get('response').trim();
    if (response === '') return;
    const success = response === question.right;
    fieldset.disabled = true;
    button.hidden = true;
    form.classList.add(success ? 'right' : 'wrong');
    feedback.textContent = `${success ? 'Right.' : 'Not quite.'} ${question.because}`;
    on_answer({ response, success });
  });
  return form;
}

function choices({ choices }) {
  return Object.entries(choices).map(([value, text]) =>
    element(
      'label',
      { className: 'choice' },
      element('input', { type: 'radio', name: 'response', value, required: true }),
      element('span', { textContent: text }),
    ),
  );
}

function blank({ kind, unit = '' }) {
  const input = element('input', {
    name: 'response',
    type: kind === 'numeric' ? 'number' : 'text',
    inputMode: 'numeric',
    autocomplete: 'off',
    maxLength: 20,
    required: true,
    ariaLabel: unit === '' ? 'Your answer' : `Your answer in ${unit}`,
  });
  return element('label', { className: 'blank' }, input, element('span', { textContent: unit }));
}
