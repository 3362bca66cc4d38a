// xapiwrapper.min.js has its own script tag.
import { statement_of } from '../quiz_answer.mjs';

const { ADL } = window;
ADL.XAPIWrapper.changeConfig({
  endpoint: `${location.origin}/xapi/`,
  auth: `Basic ${btoa('key:secret')}`,
});

window.bench = {
  ready: async () => {},
  // Without a callback it would block the page until the LRS has answered.
  answer: (index) => ADL.XAPIWrapper.sendStatement(statement_of(index), () => {}),
};
