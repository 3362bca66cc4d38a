// A url or api_key that is changed while the relay runs: what waits is held, what comes is sent to
// the new one, and nothing goes to both.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { practice_lrs } from '../support/practice_lrs.mjs';
import { running_relay } from '../support/relay.mjs';
import { statements } from '../support/statements.mjs';
import { until } from '../support/until.mjs';
import { on_stage } from './stage.mjs';

/** @typedef {import('../support/practice_lrs.mjs').PracticeLrs} PracticeLrs */
/** @typedef {import('../support/relay.mjs').Relay} Relay */
/** @typedef {import('../support/statements.mjs').Statement} Statement */

const api_secret = 'canary-secret-of-the-lrs';
const settings = 'update_interval_s = 1';

/** Each once. @param {PracticeLrs} lrs @param {Statement[]} expected */
async function has_once(lrs, expected) {
  const stored = await lrs.statements(expected.length);
  const ids = (/** @type {{id: string}[]} */ all) => all.map(({ id }) => id).sort();
  assert.deepEqual(ids(stored), ids(expected));
  assert.ok(stored.every(({ sent }) => sent === 1));
}

/** @param {Relay} relay @param {string} url @param {string} organisation */
async function releases(relay, url, organisation = '') {
  const of = organisation ? ['--organisation', organisation] : [];
  const words = ['destinations', 'release', '--destination', url, ...of, '--yes'];
  const { code, errors } = await relay.command(...words);
  assert.equal(code, 0, errors);
}

/** @param {Relay} relay @param {string} url @param {number} count */
async function holds(relay, url, count) {
  const found = await relay.ask('destinations', 'list');
  assert.equal(found.find(({ destination }) => destination === url)?.held, count);
  const [line] = relay
    .log("statements are held: the destination's address or key was changed", { destination: url })
    .slice(-1);
  assert.equal(line?.statements, count);
}

/** Series of this address. @param {Relay} relay @param {string} url */
async function series_of(relay, url) {
  const page = await relay.private_page('/metrics');
  return page.split('\n').filter((line) => line.includes(`destination="${url}"`));
}

describe('a reload', { concurrency: true }, () => {
  test('to another url, while the LRS is away', async (t) => {
    const stage = await on_stage(t);
    const { relay, lrs, destination } = stage;
    const other = await practice_lrs(t, api_secret);
    await lrs.goes_wrong({ status: 503 });
    const early = await stage.posts(statements(30));
    assert.deepEqual(await stage.alerts(1), ['outage began']);
    destination.url = other.xapi_url;
    await relay.reload();
    await holds(relay, other.xapi_url, 30);
    assert.deepEqual(await series_of(relay, lrs.xapi_url), []);
    const late = await stage.posts(statements(10));
    await stage.books({ accepted: 40, delivered: 10, waiting: 30 });
    await has_once(other, late);
    assert.equal(await relay.is_in('outage'), false);
    assert.deepEqual(relay.alerts({ destination: lrs.xapi_url }), ['outage began', 'outage ended']);
    const [{ subject }] = relay.log('alert', { alert: 'outage', phase: 'ended' });
    assert.match(subject, /was changed/);
    assert.deepEqual(relay.alerts({ destination: other.xapi_url }), ['queue-held began']);

    await lrs.is_well();
    await releases(relay, other.xapi_url);
    await stage.books({ delivered: 40, waiting: 0 });
    await has_once(other, [...early, ...late]);
    await has_once(lrs, []);
  });

  test('to another key, where the former one is refused', async (t) => {
    const stage = await on_stage(t);
    const { relay, lrs, destination } = stage;
    destination.api_key = 'key-that-was-withdrawn';
    await relay.reload();
    const early = await stage.posts(statements(30));
    assert.deepEqual(await stage.alerts(1), ['blocked began']);
    destination.api_key = undefined;
    await relay.reload();
    await holds(relay, lrs.xapi_url, 30);
    const late = await stage.posts(statements(10));
    await stage.books({ accepted: 40, delivered: 10, waiting: 30 });
    await has_once(lrs, late);
    await stage.condition('blocked', false);
    const [{ blocked }] = await relay.ask('destinations', 'list');
    assert.equal(blocked, undefined);
    assert.deepEqual((await stage.alerts(3)).sort(), [
      ...['blocked began', 'blocked ended', 'queue-held began'],
    ]);
    await releases(relay, lrs.xapi_url);
    await stage.books({ delivered: 40, waiting: 0 });
    await has_once(lrs, [...early, ...late]);
    await stage.spoke_as_it_should();
  });

  test('while a batch is at the former LRS, which answers late', async (t) => {
    const stage = await on_stage(t);
    const { relay, lrs, destination } = stage;
    const other = await practice_lrs(t, api_secret);
    await lrs.goes_wrong({ delay_ms: 6_000, count: 1 });
    const in_flight = await stage.posts(statements(5));
    await stage.requests(1);
    const behind = await stage.posts(statements(4));
    destination.url = other.xapi_url;
    await relay.reload();
    await holds(relay, other.xapi_url, 9);
    const late = await stage.posts(statements(3));
    await has_once(other, late);
    // An order that comes before the answer: only what the former LRS has not stored may go.
    await releases(relay, other.xapi_url);
    await stage.books({ accepted: 12, delivered: 12, waiting: 0 });
    await has_once(lrs, in_flight);
    await has_once(other, [...behind, ...late]);
    assert.deepEqual(await series_of(relay, lrs.xapi_url), []);
    const requests = await relay.gauge('waypost_lrs_requests_total', {
      destination: other.xapi_url,
    });
    assert.equal(requests, (await other.posts()).length);
  });

  test('again and back, before anybody decided', async (t) => {
    const stage = await on_stage(t);
    const { relay, lrs, destination } = stage;
    const other = await practice_lrs(t, api_secret);
    await lrs.goes_wrong({ status: 503 });
    await other.goes_wrong({ status: 503 });
    await stage.posts(statements(5));
    destination.url = other.xapi_url;
    await relay.reload();
    await stage.posts(statements(6));
    destination.url = lrs.xapi_url;
    await relay.reload();
    await holds(relay, lrs.xapi_url, 11);
    await until('the former hold is over', () =>
      relay.alerts({ destination: other.xapi_url }).includes('queue-held ended'),
    );
    await lrs.is_well();
    const late = await stage.posts(statements(2));
    await has_once(lrs, late);
    await releases(relay, lrs.xapi_url);
    await stage.ends();
    await has_once(other, []);
  });

  test('that swaps the LRSs of two organisations', async (t) => {
    const [one, two] = [await practice_lrs(t, api_secret), await practice_lrs(t, api_secret)];
    const [first, second] = [one, two].map((lrs) => ({ url: lrs.xapi_url, api_secret, settings }));
    const relay = await running_relay(t, { first: [first], second: [second] });
    await one.goes_wrong({ status: 503 });
    await two.goes_wrong({ status: 503 });
    const of_first = statements(20);
    const of_second = statements(30);
    await relay.accepts(of_first, 'first');
    await relay.accepts(of_second, 'second');
    [first.url, second.url] = [second.url, first.url];
    await relay.reload();
    await holds(relay, two.xapi_url, 20);
    await holds(relay, one.xapi_url, 30);
    await one.is_well();
    await two.is_well();
    const late = statements(5);
    await relay.accepts(late, 'first');
    await has_once(two, late);
    await has_once(one, []);
    await releases(relay, two.xapi_url, 'first');
    await has_once(two, [...late, ...of_first]);
    await releases(relay, one.xapi_url, 'second');
    await has_once(one, of_second);
  });

  test('that swaps the two LRSs of an organisation, keys and all, changes nothing', async (t) => {
    const [one, two] = [await practice_lrs(t, 'canary-one'), await practice_lrs(t, 'canary-two')];
    const school = [one, two].map((lrs) => ({ ...lrs, url: lrs.xapi_url, settings }));
    const relay = await running_relay(t, { school });
    await one.goes_wrong({ status: 503 });
    const posted = statements(20);
    await relay.accepts(posted);
    await has_once(two, posted);
    school.reverse();
    await relay.reload();
    await one.is_well();
    await until('it has all', async () => (await one.statements(20)).length === 20);
    const late = statements(5);
    await relay.accepts(late);
    await has_once(two, [...posted, ...late]);
    await one.statements(25);
    const destinations = await relay.ask('destinations', 'list');
    assert.ok(destinations.every(({ held }) => held === 0));
    assert.deepEqual(relay.alerts(), []);
  });

  test('to the url of a destination that was taken away is refused', async (t) => {
    const [one, two] = [await practice_lrs(t, api_secret), await practice_lrs(t, api_secret)];
    const [first, second] = [one, two].map((lrs) => ({ url: lrs.xapi_url, api_secret, settings }));
    const relay = await running_relay(t, { school: [first, second] });
    await relay.stop();
    relay.organisations.school = [first];
    await relay.start();
    first.url = two.xapi_url;
    assert.match((await relay.reloads()) ?? '', /earlier run; this needs a restart/);
    const posted = statements(3);
    await relay.accepts(posted);
    await has_once(one, posted);
    await has_once(two, []);
    const [{ destination, held }] = await relay.ask('destinations', 'list');
    assert.deepEqual([destination, held], [one.xapi_url, 0]);
  });
});
