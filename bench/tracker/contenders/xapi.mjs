import XAPI from '@xapi/xapi';

import { statement_of } from '../quiz_answer.mjs';

const auth = XAPI.toBasicAuth('key', 'secret');
const xapi = new XAPI({ endpoint: `${location.origin}/xapi/`, auth });

window.bench = {
  ready: async () => {},
  answer: (index) => xapi.sendStatement({ statement: statement_of(index) }),
};
