import { AnalyticsBrowser } from '@segment/analytics-next';

import { question_of } from '../quiz_answer.mjs';

// What it would fetch from its own servers first, so that it need not.
const settings = {
  apiKey: 'key',
  apiHost: `${location.host}/segment`,
  protocol: 'http',
};
const analytics = AnalyticsBrowser.load({
  writeKey: 'key',
  cdnSettings: { integrations: { 'Segment.io': settings } },
});

window.bench = {
  ready: () => analytics.ready(),
  answer: (index) => analytics.track('Question answered', question_of(index)),
};
