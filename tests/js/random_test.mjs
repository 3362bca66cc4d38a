import assert from 'node:assert/strict';
import { test } from 'node:test';

import { random_uuid, uuid_text } from '../../js/random.js';

test('a UUID is written in lower case with hyphens', () => {
  const bytes = Uint8Array.from({ length: 16 }, (_, index) => index * 17);
  assert.equal(uuid_text(bytes), '00112233-4455-6677-8899-aabbccddeeff');
});

test('a random UUID says version 4 and the variant of RFC 9562, and no two are equal', () => {
  const seen = new Set();
  for (let i = 0; i < 1000; ++i) {
    const text = uuid_text(random_uuid());
    assert.match(text, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    seen.add(text);
  }
  assert.equal(seen.size, 1000);
});
