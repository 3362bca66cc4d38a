// Asks every second for what is new. Statements come from outside: they are shown as text only.

const kPollMs = 1000;
const kRowsMax = 500;

const rows = document.getElementById('statements');
const count = document.getElementById('count');
const connection = document.getElementById('connection');
const fault = document.getElementById('fault');
const empty = document.getElementById('empty');

document.getElementById('endpoint').textContent = new URL('/xapi/', location.href).href;

let latest = 0;

function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

// One of a language map's texts.
function words(map) {
  if (map === null || typeof map !== 'object') return undefined;
  for (const language of [...navigator.languages, 'en', 'en-US', 'und']) {
    if (typeof map[language] === 'string') return map[language];
  }
  return Object.values(map).find((text) => typeof text === 'string');
}

function lastPart(iri) {
  return (
    String(iri ?? '')
      .split(/[/#]/)
      .filter(Boolean)
      .pop() ?? ''
  );
}

function who(actor) {
  const id = actor?.mbox?.replace?.(/^mailto:/, '') ?? actor?.account?.name ?? actor?.openid;
  return { title: actor?.name ?? id ?? 'someone', detail: actor?.name ? id : undefined };
}

function did(verb) {
  const display = words(verb?.display);
  return { title: display ?? lastPart(verb?.id), detail: display ? undefined : verb?.id };
}

function what(object) {
  const name = words(object?.definition?.name);
  return { title: name ?? object?.id ?? object?.objectType, detail: name ? object?.id : undefined };
}

function result(found) {
  const parts = [];
  const score = found?.score;
  if (typeof score?.scaled === 'number') parts.push(`${Math.round(score.scaled * 100)} %`);
  else if (score?.raw !== undefined) parts.push(`${score.raw} / ${score.max ?? '?'}`);
  if (found?.success === true) parts.push('right');
  if (found?.success === false) parts.push('wrong');
  if (found?.completion === true) parts.push('complete');
  return { title: parts.join(', '), detail: found?.response };
}

function cell({ title, detail }) {
  const made = element('td', String(title ?? ''));
  if (detail !== undefined) made.append(element('small', String(detail)));
  return made;
}

function arrived(stored) {
  const repeats = stored.sent > 1 ? `sent ${stored.sent} times` : undefined;
  return { title: new Date(stored.received_ms).toLocaleTimeString(), detail: repeats };
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {}; // stored with --accept-all: the text itself is still shown
  }
}

function row(stored) {
  const statement = parse(stored.text);
  const made = document.createElement('tr');
  made.className = 'new';
  const object = cell(what(statement.object));
  const details = document.createElement('details');
  details.append(element('summary', 'statement'), element('pre', stored.text));
  object.append(details);
  made.append(
    cell(arrived(stored)),
    cell(who(statement.actor)),
    cell(did(statement.verb)),
    object,
    cell(result(statement.result)),
  );
  return made;
}

async function poll() {
  const answer = await fetch(`/practice/statements?after=${latest}`);
  const news = await answer.json();
  if (news.latest < latest) {
    // Emptied or started anew: begin again.
    latest = 0;
    rows.replaceChildren();
    return;
  }
  for (const stored of news.statements) rows.prepend(row(stored));
  latest = news.statements.at(-1)?.sequence ?? latest;
  while (rows.childElementCount > kRowsMax) rows.lastElementChild.remove();
  count.textContent = news.count;
  empty.hidden = news.count > 0;

  const ordered = await (await fetch('/practice/faults')).json();
  fault.hidden = Object.keys(ordered).length === 0;
  fault.textContent = `fault on demand: ${JSON.stringify(ordered)}`;
}

async function run() {
  try {
    await poll();
    connection.textContent = 'live';
    connection.className = 'pill live';
  } catch {
    connection.textContent = 'not reachable, trying again';
    connection.className = 'pill warning';
  }
  setTimeout(run, kPollMs);
}

void run();
