import { newTracker, trackSelfDescribingEvent } from '@snowplow/browser-tracker';

import { question_of } from '../quiz_answer.mjs';

newTracker('bench', location.origin, { appId: 'bench' });

window.bench = {
  ready: async () => {},
  answer(index) {
    const schema = 'iglu:org.example/question_answered/jsonschema/1-0-0';
    trackSelfDescribingEvent({ event: { schema, data: question_of(index) } });
  },
};
