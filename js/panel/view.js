import { element } from './element.js';
import { create_item_view, put_text } from './item_view.js';
import styles from './panel.css';

/** @import {Contents, Item} from './record.js' */

const listed_max = 50;

/**
 * Puts the panel into the page, in a shadow root: the page's styles and its own do not meet.
 * @param {{send_now: () => void}} actions
 */
export function create_view({ send_now }) {
  const lamp = element('span', { className: 'lamp' });
  const state = element('span', { className: 'state' });
  const trouble = element('p', { className: 'trouble', hidden: true });
  trouble.setAttribute('role', 'status');
  const sections = {
    waiting: create_section('Waiting', 'Nothing waits in this browser.'),
    delivered: create_section('Delivered', 'Nothing since this page was opened.'),
    rejected: create_section('Rejected', 'Nothing was refused.'),
  };
  const button = element('button', { type: 'button', className: 'send' }, 'Send now');
  button.addEventListener('click', send_now);
  const panel = element(
    'details',
    { className: 'panel', open: matchMedia('(min-width: 50rem)').matches },
    element('summary', { className: 'head' }, lamp, element('b', {}, 'Waypost'), state),
    element(
      'div',
      { className: 'body' },
      trouble,
      ...Object.values(sections).map(({ node }) => node),
      element('p', { className: 'foot' }, button, 'All tabs of this browser share the queue.'),
    ),
  );
  put_into_page(panel);

  /** @param {Contents} contents @param {number} now_ms */
  function show(contents, now_ms) {
    const { condition, waiting_count, rejected } = contents;
    panel.dataset.state = condition !== '' ? 'trouble' : waiting_count > 0 ? 'busy' : 'calm';
    put_text(state, state_of(contents));
    trouble.hidden = condition === '';
    put_text(trouble, trouble_of(contents));
    sections.waiting.show(contents.waiting, waiting_count, now_ms);
    sections.delivered.show(contents.delivered, contents.delivered.length, now_ms);
    sections.rejected.show(rejected, rejected.length, now_ms);
  }
  return { show };
}

/** @param {HTMLElement} panel */
function put_into_page(panel) {
  const host = element('div');
  host.dataset.waypostPanel = '';
  const shadow = host.attachShadow({ mode: 'open' });
  // Not a style element, which a content security policy may forbid.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(styles);
  shadow.adoptedStyleSheets = [sheet];
  shadow.append(panel);
  // Beside the body, which may not be there yet, and which scripts of the page may replace.
  document.documentElement.append(host);
}

/**
 * @param {string} title
 * @param {string} nothing what is said of an empty list
 */
function create_section(title, nothing) {
  const count = element('span', { className: 'count' });
  const empty = element('p', { className: 'nothing' }, nothing);
  const list = element('ul', { className: 'items' });
  const more = element('p', { className: 'nothing', hidden: true });
  const heading = element('h2', {}, title, count);
  const node = element('section', { className: title.toLowerCase() }, heading, empty, list, more);
  /** @type {Map<string, ReturnType<typeof create_item_view>>} */
  let views = new Map();

  /** @param {Item[]} items @param {number} total @param {number} now_ms */
  function show(items, total, now_ms) {
    const listed = items.slice(0, listed_max);
    views = new Map(listed.map(({ key }) => [key, views.get(key) ?? create_item_view()]));
    const nodes = listed.map((item) => {
      const view = /** @type {ReturnType<typeof create_item_view>} */ (views.get(item.key));
      view.show(item, now_ms);
      return view.node;
    });
    if (nodes.some((each, at) => list.children[at] !== each) || list.children[nodes.length]) {
      list.replaceChildren(...nodes);
    }
    node.classList.toggle('some', total > 0);
    put_text(count, String(total));
    empty.hidden = total > 0;
    more.hidden = total <= listed.length;
    put_text(more, `${total - listed.length} more are not listed.`);
  }
  return { node, show };
}

/** @param {Contents} contents */
function state_of({ started, waiting_count, rejected }) {
  const waiting = waiting_count === 0 ? 'nothing waits' : `${waiting_count} waiting`;
  const refused = rejected.length === 0 ? '' : ` · ${rejected.length} rejected`;
  return started || waiting_count > 0 ? waiting + refused : 'the tracker is loading';
}

/** @param {Contents} contents */
function trouble_of({ condition, status }) {
  const answer = status === 0 ? 'no answer' : `status ${status}`;
  if (condition === 'outage') {
    return `The relay cannot take anything now (${answer}). The tracker tries again by itself.`;
  }
  return `The relay refuses what is sent (${answer}). Someone must look at it; all is kept.`;
}
