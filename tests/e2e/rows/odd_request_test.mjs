// Requests that other programs read differently. Nothing of them is accepted that does not arrive
// as it was written.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { course_origin, statement, statements } from '../support/statements.mjs';
import { Client, envelope, head, serves } from './harmful_client.mjs';
import { on_stage } from './stage.mjs';

describe('requests within requests', { concurrency: true }, () => {
  for (const [name, lengths] of [
    ['Content-Length and Transfer-Encoding', 'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n'],
    ['Transfer-Encoding and Content-Length', 'Transfer-Encoding: chunked\r\nContent-Length: 5\r\n'],
    ['two lengths', 'Content-Length: 5\r\nContent-Length: 0\r\n'],
    ['a disguised encoding', 'Content-Length: 5\r\nTransfer-Encoding : chunked\r\n'],
    ['an encoding of an encoding', 'Transfer-Encoding: chunked, chunked\r\n'],
  ]) {
    test(`${name}: neither is heard`, async (t) => {
      const stage = await on_stage(t);
      const hidden = envelope([statement().text]);
      const client = new Client(stage, t);
      client.socket.write(
        `${head}${lengths}\r\n0\r\n\r\n${head}Content-Length: ${Buffer.byteLength(hidden)}\r
\r\n${hidden}`,
      );
      assert.equal(await client.refused_with(), 400);
      assert.equal(client.received.match(/^HTTP\/1\.1 \d/gm)?.length, 1, 'one answer');
      await serves(stage);
    });
  }
});

describe('what is no statement', { concurrency: true }, () => {
  /** @param {import('./stage.mjs').Stage} stage @param {string | Buffer} body */
  const post = (stage, body) =>
    fetch(`http://127.0.0.1:${stage.relay.public_port}/waypost/post`, {
      method: 'POST',
      headers: { origin: course_origin, 'content-type': 'text/plain' },
      body,
    });
  /** @param {import('../support/statements.mjs').Statement} one @param {string} value */
  const with_extension = (one, value) => ({
    ...one,
    text: one.text.replace('"result":{', `"result":{ "extensions":{"https://e.org/x":${value}},`),
  });

  test('nesting of a thousand refuses the request as a whole', async (t) => {
    const stage = await on_stage(t);
    const deep = `${'['.repeat(1000)}${']'.repeat(1000)}`;
    const answer = await post(stage, envelope([statement().text, deep]));
    assert.equal(answer.status, 400);
    assert.equal((await answer.json()).error.code, 'malformed-json');
    await serves(stage);
  });

  test('one that is nested too deep is refused without its neighbours', async (t) => {
    const stage = await on_stage(t);
    const deep = with_extension(statement(), `${'['.repeat(100)}${']'.repeat(100)}`);
    const [before, behind] = statements(2);
    const answer = await (
      await post(stage, envelope([before.text, deep.text, behind.text]))
    ).json();
    assert.deepEqual(answer.accepted, [before.id, behind.id]);
    assert.deepEqual(
      answer.rejected.map((/** @type {{id: string}} */ { id }) => id),
      [deep.id],
    );
    stage.posted.push(before, behind);
    await serves(stage);
  });

  test('odd values are refused, or arrive as they were written', async (t) => {
    const stage = await on_stage(t);
    const values = [
      ...['-0', '-0.0', '1e400', '1E-400', '123456789012345678901234567890', '0.1000000000000000'],
      ...['"\\u0000"', '"\\ud800"', '"\\udc00\\ud800"', '"\\/"', '"\ufeff"', '"\u2028"'],
      ...['{"a":1,"a":2}', '{"":{}}', '01', '1.', '+1', 'NaN', "'x'", '"\t"', '"\\x41"'],
      `"${'x'.repeat(300 * 1024)}"`,
    ];
    let refused = 0;
    for (const value of values) {
      const one = with_extension(statement(), value);
      const answer = await post(stage, envelope([one.text]));
      const { accepted } = await answer.json();
      if (answer.status === 200 && accepted.length === 1) stage.posted.push(one);
      else refused += 1;
    }
    assert.ok(refused >= 8 && stage.posted.length >= 6, `${refused} were refused`);
    const not_utf8 = Buffer.from(
      envelope([statement().text]).replace('Quiz', 'Qu\u0080iz'),
      'latin1',
    );
    assert.equal((await post(stage, not_utf8)).status, 400);
    assert.equal((await post(stage, `\ufeff${envelope([statement().text])}`)).status, 400);
    await serves(stage);
  });
});
