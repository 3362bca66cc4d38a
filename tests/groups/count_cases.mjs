// Counts test cases, not programs: node count_cases.mjs STATUS ctest|tap REPORT
// Prints "passed failed skipped". A run whose STATUS is not 0 has at least one failure, even if its
// report says otherwise or was never written.
import { existsSync, readFileSync } from 'node:fs';

/** @typedef {{passed: number, failed: number, skipped: number}} Counts */

const [status, format, report] = process.argv.slice(2);

/** @param {string} text @param {RegExp} pattern */
function number_in(text, pattern) {
  return Number(pattern.exec(text)?.[1] ?? 0);
}

// Boost.Test's short report, once per program: "  12 test cases out of 13 passed".
/** @param {string} output */
function boost_counts(output) {
  const of = (/** @type {string} */ what) =>
    number_in(output, new RegExp(`^\\s*(\\d+) test cases? out of \\d+ ${what}`, 'm'));
  return { passed: of('passed'), failed: of('failed') + of('aborted'), skipped: of('skipped') };
}

// Every program that ctest ran; one without a report of its own is a single case.
/** @param {string} xml @returns {Counts} */
function ctest_counts(xml) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const [, attributes, body] of xml.matchAll(/<testcase ([^>]*)>(.*?)<\/testcase>/gs)) {
    const good = /status="run"/.test(attributes);
    const counts = boost_counts(body);
    if (counts.passed + counts.failed + counts.skipped === 0 && good) counts.passed = 1;
    if (!good && counts.failed === 0) counts.failed = 1;
    total.passed += counts.passed;
    total.failed += counts.failed;
    total.skipped += counts.skipped;
  }
  return total;
}

/** @param {string} tap @returns {Counts} */
function tap_counts(tap) {
  const of = (/** @type {string} */ what) => number_in(tap, new RegExp(`^# ${what} (\\d+)$`, 'm'));
  return { passed: of('pass'), failed: of('fail') + of('cancelled'), skipped: of('skipped') };
}

const text = existsSync(report) ? readFileSync(report, 'utf8') : '';
const counts = format === 'ctest' ? ctest_counts(text) : tap_counts(text);
if (status !== '0' && counts.failed === 0) counts.failed = 1;
console.log(counts.passed, counts.failed, counts.skipped);
