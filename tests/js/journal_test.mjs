// The journal over a storage that behaves like localStorage.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { create_journal } from '../../js/journal.js';

/** What a page sees of localStorage. */
class MapStorage {
  #items = new Map();
  room = Infinity;

  get length() {
    return this.#items.size;
  }

  key(index) {
    return [...this.#items.keys()][index] ?? null;
  }

  getItem(key) {
    return this.#items.get(key) ?? null;
  }

  setItem(key, text) {
    if (text.length > this.room) throw new DOMException('Full.', 'QuotaExceededError');
    this.#items.set(key, text);
  }

  removeItem(key) {
    this.#items.delete(key);
  }
}

const row = (id, captured_ms = 1, body = '{}') => ({ id, body, captured_ms });
const ids = (journal) => journal.entries().map((entry) => entry.row.id);

test('entries come back in the order in which they were captured, those of other tabs too', () => {
  const storage = new MapStorage();
  const [one, other] = [create_journal(storage, 'w/'), create_journal(storage, 'w/')];
  other.add(row('d', 30));
  one.add(row('b', 20));
  one.add(row('c', 20));
  other.add(row('a', 9));
  assert.deepEqual(ids(one), ['a', 'b', 'c', 'd']);
  assert.deepEqual(one.entries()[1].row, row('b', 20));
});

test('what was removed is gone for all tabs, and what is not ours is left alone', () => {
  const storage = new MapStorage();
  storage.setItem('theirs', 'x');
  storage.setItem('w/broken', '{"id":');
  storage.setItem('w/foreign', '[1]');
  const [one, other] = [create_journal(storage, 'w/'), create_journal(storage, 'w/')];
  const key = one.add(row('a'));
  assert.deepEqual(ids(other), ['a']);
  other.remove(key);
  assert.deepEqual(ids(one), []);
  one.remove(key);
  assert.deepEqual(ids(one), []);
  assert.equal(storage.length, 3);
});

test('at most 256 KiB are kept, all tabs together; what was removed makes room', () => {
  const storage = new MapStorage();
  const [one, other] = [create_journal(storage, 'w/'), create_journal(storage, 'w/')];
  // Two bytes for each letter.
  const large = (id) => row(id, 1, 'é'.repeat(50 * 1024));
  const key = one.add(large('a'));
  assert.ok(key);
  assert.ok(other.add(large('b')));
  assert.equal(one.add(large('c')), null);
  assert.equal(other.add(large('d')), null);
  assert.ok(other.add(row('small')));
  one.remove(key);
  assert.ok(other.add(large('e')));
  assert.deepEqual(ids(one), ['b', 'small', 'e']);
});

test('a storage that is full refuses the entry, and nothing else happens', (t) => {
  t.mock.method(console, 'info', () => {});
  const storage = new MapStorage();
  const journal = create_journal(storage, 'w/');
  storage.room = 10;
  assert.equal(journal.add(row('a')), null);
  assert.deepEqual(ids(journal), []);
});
