// The statement cases of tests/vectors through a core. Runs in Node and in a browser.
import { validate, validate_list } from '../../js/core_validation.js';

/**
 * @param {import('../../js/core.js').Core} core
 * @param {{name: string, version: '1.0.3' | '2.0.0', statement: unknown, valid: boolean}[]} cases
 * @returns {string[]} what went wrong, one line for each case that did
 */
export function failed_cases(core, cases) {
  return cases.flatMap(({ name, version, statement, valid }) => {
    const text = JSON.stringify(statement);
    const rules = { version, unstamped: false };
    const violations = validate(core, text, rules);
    const [listed] = validate_list(core, `[${text}]`, rules);
    const agree = JSON.stringify(listed.violations) === JSON.stringify(violations);
    if ((violations.length === 0) === valid && listed.valid === valid && agree) return [];
    return [`${name} (${version}): ${valid ? 'valid' : 'invalid'}, got ${JSON.stringify(listed)}`];
  });
}
