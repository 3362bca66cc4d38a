// Checks statements as they are. The tracker itself only completes events, which checks them too.
import { error_statement_invalid } from './core.js';

/** @import {Core, Rules, Violation} from './core.js' */

/**
 * @param {Core} core
 * @param {string} text JSON
 * @param {Rules} rules
 * @returns {Violation[]} empty: it is a valid statement
 */
export function validate(core, text, rules) {
  const checker = core.checker(rules);
  const code = check(core, 'validate_statement', checker, text);
  if (code === 0) return [];
  if (code !== error_statement_invalid) throw core.memory.error(code);
  return core.violations(checker);
}

/**
 * Checks a statement or an array of statements.
 * @param {Core} core
 * @param {string} text JSON
 * @param {Rules} rules
 * @returns {{index: number, valid: boolean, violations: Violation[]}[]}
 */
export function validate_list(core, text, rules) {
  const checker = core.checker(rules);
  const code = check(core, 'validate_list', checker, text);
  const reply = JSON.parse(core.memory.reply_text(checker));
  if (code === 0) return reply;
  throw Object.assign(core.memory.error(code), { violations: reply });
}

/**
 * @param {Core} core
 * @param {string} name
 * @param {number} checker
 * @param {string} text
 */
const check = ({ memory }, name, checker, text) =>
  memory.lend(3 * text.length, (address) =>
    memory.call(name, checker, address, memory.write_text(text, address)),
  );
