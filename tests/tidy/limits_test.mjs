// The numbers live in limits.hpp. The tracker's scripts cannot include it, so theirs are compared.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { text_of } from './source_tree.mjs';

/**
 * The value of a constant that is a product of numbers and other constants.
 * @param {string} text @param {RegExp} definition its first group is the product
 * @returns {number}
 */
function value_in(text, definition) {
  const product = definition.exec(text)?.[1];
  assert.ok(product, `nothing matches ${definition}`);
  return product
    .split('*')
    .map((factor) => factor.trim().replace(/['_]|LL$/g, ''))
    .map((factor) => (/^\d+$/.test(factor) ? Number(factor) : limit(factor)))
    .reduce((value, factor) => value * factor, 1);
}

/** @param {string} name @returns {number} */
function limit(name) {
  const text = text_of('core/include/waypost/limits.hpp');
  return value_in(text, new RegExp(`constexpr \\S+ ${name} = ([^;]+);`));
}

/** @param {string} file @param {string} name */
function constant(file, name) {
  return value_in(text_of(file), new RegExp(`const ${name} = ([^;]+);`));
}

test("the tracker's numbers are those of the core", () => {
  for (const [file, name, of_core] of [
    ['js/queue.js', 'entries_max', 'kTrackerQueueEntriesMax'],
    ['js/queue.js', 'bytes_max', 'kTrackerQueueBytesMax'],
    ['js/tracking.js', 'batch_count_max', 'kPostEntriesMax'],
    ['js/tracking.js', 'batch_count_soon', 'kTrackerBatchCountSoon'],
    ['js/tracking.js', 'backoff_base_ms', 'kTrackerBackoffBaseMs'],
    ['js/transport.js', 'keepalive_bytes_max', 'kExitFlushBytesMax'],
    ['js/exit_flush.js', 'bytes_max', 'kExitFlushBytesMax'],
    ['js/exit_flush.js', 'count_max', 'kPostEntriesMax'],
    ['js/fallback/raw_completion.js', 'event_bytes_max', 'kStatementBytesMax'],
    ['js/fallback/raw_completion.js', 'json_depth_max', 'kJsonDepthMax'],
    ['js/fallback/oldest_batch.js', 'batch_bytes_max', 'kExitFlushBytesMax'],
    ['js/fallback/sender.js', 'backoff_base_ms', 'kTrackerBackoffBaseMs'],
    ['js/fallback/sender.js', 'backoff_max_ms', 'kBackoffMaxMs'],
    ['js/fallback/sender.js', 'retry_after_max_ms', 'kRetryAfterMaxMs'],
  ]) {
    assert.equal(constant(file, name), limit(of_core), `${name} in ${file} is not ${of_core}`);
  }
});

test("the tracker's batch and what surrounds it fit a request", () => {
  const room = limit('kPostBytesMax') - constant('js/tracking.js', 'batch_bytes_max');
  assert.ok(room >= 8 * limit('kKiB'), `${room} bytes are left for the envelope`);
});
