// What a page keeps where its core does not run becomes, in the relay, byte for byte the statement
// that the page's core would have made of it; or is refused for the same reasons.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

import { loadCore } from '../../js/core.js';
import { raw_completion } from '../../js/fallback/raw_completion.js';
import { uuid_bytes } from '../../js/random.js';
import { no_practice_lrs, start_practice_lrs } from '../browser/loss/practice_lrs.mjs';
import { no_relay, start_relay } from '../browser/support/relay.mjs';
import { wasm_file } from '../browser/support/tracker_files.mjs';

const course_origin = 'https://courses.example.org';
const captured_ms = Date.UTC(2026, 10, 23, 8, 0, 0, 5);
const batch_count = 50;

const core = await loadCore(await readFile(wasm_file));
const read = (path) => readFile(new URL(`../${path}`, import.meta.url), 'utf8');
const vectors = JSON.parse(await read('vectors/statements.json'));

/** The events of docs/events.md, each with the defaults that stand before it, if any. */
const documented = [
  ...(await read('../docs/events.md')).matchAll(
    /(?:```json defaults\n([^`]*)```\n)?```json event\n([^`]*)```/g,
  ),
].map(([, defaults = '{}', event]) => ({
  name: event,
  // The relay would write over it.
  event: { ...JSON.parse(event), actor: undefined },
  defaults: JSON.parse(defaults),
}));

const page = { object: { id: 'https://x.example/', name: 'Ünïcode' }, language: 'fr-CH' };
const context = { platform: 'P', revision: '2', extensions: { 'https://x.example/e': [1, ''] } };
const agent = { objectType: 'Agent', mbox: 'mailto:teacher@example.org' };

const written = [
  [{ verb: 'experienced' }, page],
  [{ verb: 'experienced' }, {}],
  [{ verb: 'complete' }, page],
  [{}, page],
  [null, page],
  [[], page],
  ['completed', page],
  [
    { verb: 'completed', score: 1e-7, duration: 0.125, response: 7 },
    { ...page, context },
  ],
  [
    { verb: 'completed', object: { id: 'https://x.example/2', name: '' } },
    { ...page, context },
  ],
  [
    { verb: 'asked', object: agent },
    { ...page, context },
  ],
  [
    { verb: 'asked', context: { platform: 'Q', extensions: {} } },
    { ...page, context },
  ],
  [
    { verb: 'asked', context: 5 },
    { ...page, context },
  ],
  [{ verb: 'asked', timestamp: '2026-11-23T08:00:00+01:00' }, page],
  [{ verb: 'asked', id: 'AAAAAAAA-0F2B-4C58-9D6C-0C8A1C5D1F02' }, page],
  [{ verb: 'asked', id: 'number five' }, page],
  [{ verb: 'asked', id: 5 }, page],
  [{ verb: 'asked', id: '' }, page],
  [{ verb: 'asked', defaults: {}, event: {} }, page],
  [{ verb: 'asked', response: '\ud800' }, page],
  [{ verb: 'asked' }, { ...page, language: 5 }],
  [{ verb: 'asked' }, { ...page, colour: 'red' }],
  [{ verb: 'asked' }, { object: { id: 'no address' } }],
  [{ verb: 'asked' }, { ...page, context: { extensions: { x: 'x'.repeat(20_000) } } }],
].map(([event, defaults]) => ({ name: JSON.stringify(event), event, defaults }));

/** What the page keeps, and what its core would have said. */
function captured({ name, event, defaults }, { version, actor }) {
  const { row } = raw_completion.complete(event, { ...defaults, actor }, captured_ms);
  const { id, defaults: all } = JSON.parse(row.body);
  const expected = core.complete(JSON.stringify(event), {
    defaults: JSON.stringify(all),
    id: uuid_bytes(id),
    now_ms: captured_ms,
    version,
    unstamped: false,
    json_only: true,
  });
  return { name, row, expected };
}

/**
 * A valid statement without what a relay of open courses would write over, and with an id of its
 * own: the vectors share theirs.
 */
function unstamped({ name, statement, valid }) {
  const event = { ...statement };
  if (valid) for (const member of ['id', 'actor', 'authority', 'stored']) delete event[member];
  return { name, event, defaults: {} };
}

async function start(t, version) {
  const credential = { api_key: 'key', api_secret: 'secret' };
  const lrs = await start_practice_lrs(t, credential);
  const relay = await start_relay(t, course_origin, {
    ...credential,
    lrs_url: lrs.statements_url,
    update_interval_s: 0,
    xapi_version: version,
  });
  const loader = await (await fetch(`${relay.origin}/waypost/waypost.js`)).text();
  const [, homePage] = /"self_declared_home_page":"([^"]+)"/.exec(loader);
  return { lrs, relay, actor: { account: { homePage, name: 'ada' } } };
}

async function post(relay, kind, entries) {
  const head = { v: 1, nonce: 'k3J9xq0aT5Wb1m2c', sent_ms: captured_ms, offset_ms: 0 };
  const answer = await fetch(`${relay.origin}/waypost/post`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain', origin: course_origin },
    body: `${JSON.stringify({ ...head, kind }).slice(0, -1)},"entries":[${entries}]}`,
  });
  assert.equal(answer.status, 200);
  return answer.json();
}

for (const version of ['1.0.3', '2.0.0']) {
  test(`all events and vectors of ${version}`, { skip: no_relay || no_practice_lrs }, async (t) => {
    const { lrs, relay, actor } = await start(t, version);
    const statements = vectors.filter((vector) => vector.version === version).map(unstamped);
    const all = [...documented, ...written, ...statements].map((event) =>
      captured(event, { version, actor }),
    );
    const made = all.filter(({ expected }) => 'statement' in expected);
    assert.ok(made.length > 150 && all.length - made.length > 150, `${made.length} made`);
    for (let first = 0; first < all.length; first += batch_count) {
      const batch = all.slice(first, first + batch_count);
      const bodies = batch.map(({ row }) => row.body);
      const { accepted, rejected } = await post(relay, 'events', bodies);
      const refused = new Map(rejected.map(({ index, violations }) => [index, violations]));
      batch.forEach(({ name, row, expected }, index) => {
        assert.deepEqual(refused.get(index) ?? [], expected.violations ?? [], name);
        if (!refused.has(index)) assert.ok(accepted.some((id) => id.toLowerCase() === row.id));
      });
      // A page without core may say it again, and so may one with a core.
      const statements_of_batch = batch.flatMap(({ expected }) => expected.statement ?? []);
      assert.deepEqual((await post(relay, 'events', bodies)).duplicate, accepted);
      assert.deepEqual((await post(relay, 'statements', statements_of_batch)).duplicate, accepted);
    }
    const texts = new Map(
      (await lrs.statements(made.length)).map(({ id, text }) => [id.toLowerCase(), text]),
    );
    for (const { name, row, expected } of made) {
      assert.equal(texts.get(row.id), expected.statement, name);
    }
    assert.equal(texts.size, made.length);
  });
}
