// Shows what waits on this device, by the tracker's public calls only: pending() and the events
// "delivered", "rejected" and "blocked".
import { has_panel, reports } from './course.js';

const listed_max = 30;

// The tracker's own panel says all of it, and more.
document.getElementById('queue-panel').hidden = has_panel;

const details = document.querySelector('#queue-panel details');
const count = details.querySelector('.count');
const state = details.querySelector('.state');
const list = details.querySelector('ol');
// On a small screen it would cover the text.
details.open = matchMedia('(min-width: 80rem)').matches;

const items_by_id = new Map();
const delivered = new Set();
let trouble = '';

const sentences = {
  outage: 'The relay cannot be reached now. Nothing is lost: the tracker tries again by itself.',
  blocked: 'The relay refuses what is sent. Nothing is lost; someone has to look at the relay.',
};

async function show() {
  const waiting = await waypost.pending();
  details.className = trouble ? 'trouble' : waiting > 0 ? 'waiting' : 'empty';
  count.textContent = waiting === 0 ? 'Nothing waits here' : `${waiting} on this device`;
  state.textContent =
    trouble ||
    (waiting === 0 ? 'The relay has all you did so far.' : 'On its way to the relay in a moment.');
}

function mark(item, kind, text) {
  item.className = kind;
  item.lastElementChild.textContent = text;
}

function mark_id(id, kind, text) {
  const item = items_by_id.get(id);
  if (item) mark(item, kind, text);
}

reports.addEventListener('report', async ({ detail: { label, receipt } }) => {
  const item = document.createElement('li');
  item.append(document.createElement('span'), document.createElement('span'));
  item.firstElementChild.textContent = label;
  mark(item, 'new', 'noting');
  list.prepend(item);
  while (list.children.length > listed_max) list.lastElementChild.remove();
  try {
    const { id, stored } = await receipt;
    items_by_id.set(id, item);
    if (delivered.has(id)) mark(item, 'delivered', 'delivered');
    else mark(item, 'stored', stored === 'disk' ? 'on disk' : `in ${stored}`);
  } catch (error) {
    mark(item, 'rejected', error.code ?? 'refused');
  }
  await show();
});

waypost.on('delivered', ({ ids }) => {
  for (const id of ids) {
    delivered.add(id);
    mark_id(id, 'delivered', 'delivered');
  }
  void show();
});

waypost.on('rejected', ({ id }) => {
  mark_id(id, 'rejected', 'rejected');
  void show();
});

waypost.on('blocked', ({ condition, raised }) => {
  trouble = raised ? (sentences[condition] ?? `Sending is held: ${condition}.`) : '';
  void show();
});

// Another tab may have sent or added something meanwhile.
document.addEventListener('visibilitychange', show);

void show();
