import { no_answer, read_answer } from './post_answer.js';
import { random_bytes } from './random.js';

/** @import {Clock} from './clock.js' */
/** @import {Reading} from './post_answer.js' */
/** @import {Row} from './queue.js' */

// core/include/waypost/limits.hpp: kExitFlushBytesMax. All keepalive requests of a page share 64
// KiB.
const keepalive_bytes_max = 48 * 1024;
const timeout_ms = 30_000;

/**
 * @callback Post
 * @param {Row[]} rows one batch, all of one kind
 * @param {boolean} outlive_page whether the request should survive the page, which small ones can
 * @returns {Promise<Reading>} what came of it; never rejects
 */

/**
 * Carries batches to the relay. Judges nothing.
 * @param {string} post_url
 * @param {Clock} clock
 * @returns {Post}
 */
export function create_transport(post_url, clock) {
  // What to add to this browser's clock to get the relay's, as of the last answer.
  let offset_ms = 0;

  return async (rows, outlive_page) => {
    const nonce = nonce_text();
    const sent_ms = clock.now_ms();
    const body = request_text(rows, { nonce, sent_ms, offset_ms });
    const keepalive = outlive_page && new Blob([body]).size <= keepalive_bytes_max;
    try {
      const answer = await post(post_url, body, keepalive);
      const now_ms = clock.now_ms();
      const entries = rows.map(({ seq, id }) => ({ key: seq, id }));
      const reading = read_answer({ ...answer, now_ms }, { nonce, entries });
      if (reading.server_ms !== null) {
        offset_ms = Math.round(reading.server_ms - (sent_ms + now_ms) / 2);
      }
      return reading;
    } catch (error) {
      // What a browser says here it says to the console; it tells a script no more than this.
      const timed_out = error instanceof DOMException && error.name === 'TimeoutError';
      return no_answer(timed_out ? 'timeout' : 'network');
    }
  };
}

/** 12 random bytes as base64url. */
function nonce_text() {
  const text = btoa(String.fromCharCode(...random_bytes(12)));
  return text.replaceAll('+', '-').replaceAll('/', '_');
}

/**
 * @param {Row[]} rows
 * @param {{nonce: string, sent_ms: number, offset_ms: number}} head
 */
function request_text(rows, head) {
  const members = JSON.stringify({ v: 1, ...head, kind: `${rows[0].kind}s` }).slice(0, -1);
  // The bodies go as they are: their bytes were fixed when they were captured.
  return `${members},"entries":[${rows.map((row) => row.body).join(',')}]}`;
}

/**
 * @param {string} url
 * @param {string} body
 * @param {boolean} keepalive
 */
async function post(url, body, keepalive) {
  const response = await fetch(url, {
    method: 'POST',
    // No preflight, which would not survive the end of the page.
    headers: { 'content-type': 'text/plain;charset=UTF-8' },
    body,
    keepalive,
    cache: 'no-store',
    // A redirect would turn the POST into a GET, or carry the statements somewhere else.
    redirect: 'error',
    // Older browsers have no such timeout (Safari before 16): theirs ends the request.
    signal: AbortSignal.timeout?.(timeout_ms),
  });
  return {
    status: response.status,
    retry_after: response.headers.get('retry-after'),
    json: await json_of(response),
  };
}

/**
 * @param {Response} response
 * @returns {Promise<unknown>} undefined where the body is not JSON
 */
async function json_of(response) {
  const type = response.headers.get('content-type') ?? '';
  if (response.status !== 200 || !/^application\/json\s*(;|$)/i.test(type)) {
    await response.body?.cancel();
    return undefined;
  }
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
