import { element } from './element.js';

/** @import {Violation} from '../core.js' */
/** @import {Item} from './record.js' */

/**
 * One statement, which opens to show all of it. Kept while the statement is listed, so that what a
 * reader opened stays open.
 */
export function create_item_view() {
  const verb = element('span', { className: 'verb' });
  const about = element('span', { className: 'about' });
  const id = element('code', { className: 'id' });
  const fate = element('span', { className: 'fate' });
  const reasons = element('ul', { className: 'reasons' });
  const text = element('pre', { tabIndex: 0 });
  const node = element(
    'li',
    {},
    element(
      'details',
      {},
      element('summary', {}, verb, about, fate),
      element('p', { className: 'whole-id' }, id),
      text,
    ),
    reasons,
  );
  let shown_violations = /** @type {Violation[] | null} */ (null);

  /** @param {Item} item @param {number} now_ms */
  function show(item, now_ms) {
    const { summary } = item;
    put_text(verb, summary.verb || 'statement');
    put_text(about, summary.about || item.id);
    put_text(id, item.id || 'no id');
    put_text(fate, fate_of(item, now_ms));
    put_text(text, summary.text || 'It had left before the panel could see it.');
    node.classList.toggle('late', item.state === 'waiting' && item.attempts > 0);
    if (item.state !== 'rejected' || item.violations === shown_violations) return;
    shown_violations = item.violations;
    reasons.replaceChildren(...reasons_of(item));
  }
  return { node, show };
}

/** @param {Element} node @param {string} text */
export function put_text(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** @param {Item} item @param {number} now_ms */
function fate_of(item, now_ms) {
  if (item.state === 'rejected') return item.code;
  if (item.state === 'delivered') return item.elsewhere ? 'by another tab' : ago(item, now_ms);
  if (item.attempts === 0) return item.unchecked ? 'unchecked' : `in ${place_of(item)}`;
  const tries = item.attempts === 1 ? '1 try' : `${item.attempts} tries`;
  const wait_s = Math.ceil((item.next_at_ms - now_ms) / 1000);
  return wait_s > 0 ? `${tries}, next in ${spoken(wait_s)}` : `${tries}, next now`;
}

/** @param {Item} item */
const place_of = ({ stored }) =>
  (stored === 'journal' ? 'the journal' : stored).replace(/^disk$/, 'queue');

/** @param {Item} item @param {number} now_ms */
function ago({ changed_ms }, now_ms) {
  const seconds = Math.round((now_ms - changed_ms) / 1000);
  return seconds < 2 ? 'just now' : `${spoken(seconds)} ago`;
}

/** @param {number} seconds */
const spoken = (seconds) => (seconds < 100 ? `${seconds} s` : `${Math.round(seconds / 60)} min`);

/** @param {Item} item @returns {HTMLElement[]} */
function reasons_of({ violations, message, code, kept }) {
  const listed = violations.map(({ path, rule, message: advice }) =>
    element(
      'li',
      {},
      element('code', { className: 'rule' }, String(rule)),
      element('code', { className: 'path' }, String(path) || '(the whole)'),
      element('span', {}, String(advice)),
    ),
  );
  if (listed.length === 0) listed.push(element('li', {}, element('span', {}, message)));
  return [...listed, element('li', { className: 'whereabouts' }, whereabouts(code, kept))];
}

/** @param {string} code @param {boolean} kept */
function whereabouts(code, kept) {
  if (code !== 'refused') return 'The tracker did not take it: nothing was queued.';
  return kept ? 'The relay keeps it for its people to see.' : 'This browser keeps it.';
}
