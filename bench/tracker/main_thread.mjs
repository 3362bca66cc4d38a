// What a page's main thread does, from Chromium's own trace: the tasks from the one in which the
// page sets the mark "bench-begin" to the last before the one with "bench-end".

/**
 * @typedef {object} MainThread
 * @property {number} cpu_ms
 * @property {number} longest_cpu_ms of one task
 * @property {number} longest_own_cpu_ms of one task in which the page makes no call
 * @property {number} longest_wall_ms
 * @property {number[]} calls_cpu_ms of what the page did from each mark "call" to the next "called"
 */

/**
 * @param {import('playwright-core').Browser} browser
 * @param {() => Promise<unknown>} work sets both marks, on one page
 * @returns {Promise<MainThread>}
 */
export async function main_thread_of(browser, work) {
  const session = await browser.newBrowserCDPSession();
  /** @type {any[]} */
  const events = [];
  session.on('Tracing.dataCollected', ({ value }) => events.push(...value));
  const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
  const includedCategories = ['toplevel', 'blink.user_timing'];
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories, excludedCategories: ['*'] },
  });
  await work();
  await session.send('Tracing.end');
  await complete;
  await session.detach();
  return summary_of(events);
}

/** @param {any[]} events @returns {MainThread} */
function summary_of(events) {
  const marked = (/** @type {string} */ name) => events.find((event) => event.name === name);
  const [begin, end] = [marked('bench-begin'), marked('bench-end')];
  if (begin === undefined || end === undefined) throw new Error('The page has set no marks.');
  const tasks = events.filter(
    ({ name, ph, pid, tid, ts, dur }) =>
      name === 'ThreadControllerImpl::RunTask' &&
      ph === 'X' &&
      pid === begin.pid &&
      tid === begin.tid &&
      ts + dur >= begin.ts &&
      ts + dur < end.ts,
  );
  const calls = events.filter(({ name }) => name === 'call').map(({ ts }) => ts);
  const own = tasks.filter(({ ts, dur }) => !calls.some((call) => call >= ts && call <= ts + dur));
  return {
    cpu_ms: tasks.reduce((sum, task) => sum + cpu_ms_of(task), 0),
    longest_cpu_ms: Math.max(0, ...tasks.map(cpu_ms_of)),
    longest_own_cpu_ms: Math.max(0, ...own.map(cpu_ms_of)),
    longest_wall_ms: Math.max(0, ...tasks.map(({ dur }) => dur / 1000)),
    calls_cpu_ms: calls_cpu_ms(events),
  };
}

/** A few tasks, very short ones, come without their CPU time. @param {{tdur?: number}} task */
const cpu_ms_of = ({ tdur = 0 }) => tdur / 1000;

/** @param {any[]} events */
function calls_cpu_ms(events) {
  const marks = events
    .filter(({ name }) => name === 'call' || name === 'called')
    .sort((left, right) => left.ts - right.ts || left.tts - right.tts);
  return marks.flatMap(({ name, tts }, at) =>
    name === 'called' ? [(tts - marks[at - 1].tts) / 1000] : [],
  );
}
