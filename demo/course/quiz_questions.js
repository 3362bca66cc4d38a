// The questions, and what is said after an answer. `kind` is xAPI's interaction type.

export const questions = [
  {
    name: 'first-step',
    kind: 'choice',
    text: 'A pan of hot water has gone over a forearm. What comes first?',
    choices: {
      ice: 'Ice from the freezer',
      water: 'Cool running water',
      butter: 'Butter or oil',
      doctor: 'The way to the doctor',
    },
    right: 'water',
    because: 'Cool running water takes the heat out. Ice is too cold, fat keeps the heat in.',
  },
  {
    name: 'minutes',
    kind: 'numeric',
    text: 'How long should the water run over the burn?',
    unit: 'minutes',
    right: '20',
    because: 'Twenty minutes. It still helps up to three hours after the burn.',
  },
  {
    name: 'stuck-sleeve',
    kind: 'choice',
    text: 'A sleeve has melted onto the skin. What do you do with it?',
    choices: {
      pull: 'Pull it off quickly',
      soak: 'Soak it and then pull it off',
      leave: 'Leave what sticks, and cut around it',
    },
    right: 'leave',
    because: 'What sticks stays. Pulling takes the skin along.',
  },
  {
    name: 'cover',
    kind: 'choice',
    text: 'What is laid over a burn that has been cooled?',
    choices: {
      cotton: 'Cotton wool',
      film: 'Cling film, lengthwise',
      bandage: 'A tight bandage',
      plaster: 'A large plaster',
    },
    right: 'film',
    because: 'Cling film is clean, does not stick, and leaves room for the swelling.',
  },
  {
    name: 'number',
    kind: 'fill-in',
    text: 'Which number brings help all over Europe?',
    right: '112',
    because: 'It is 112, from any phone, without a prefix.',
  },
];
