// What is wrong reaches a human by mail and webhook: once when it begins, once when it is over.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { test } from 'node:test';

import { mail_server, webhook_server } from './alert_receivers.mjs';
import { until } from './support/until.mjs';
import {
  free_ports,
  log_of,
  running_stack,
  stack_with,
  statements_in_lrs,
  test_folder,
} from './test_stack.mjs';

const learner = 'canary-learner-4d1f';
const lrs_words = 'canary-words-of-the-lrs';
const password = 'canary-mail-password';

/** @typedef {import('../../demo/servers/stack.mjs').Stack} Stack */

/** [alerts] with both channels, and the password beside it. @param {string} folder */
function alert_settings(folder, /** @type {number} */ mail_port, webhook_url = '') {
  writeFileSync(`${folder}/mail_password`, password, { mode: 0o600 });
  return `[alerts]
email_to = ["admin@example.org", "second@example.org"]
email_from = "waypost@example.org"
smtp_url = "smtp://127.0.0.1:${mail_port}"
smtp_user = "waypost"
smtp_password_file = ${JSON.stringify(`${folder}/mail_password`)}
${webhook_url ? `webhook_url = "${webhook_url}"` : ''}
outage_after_s = 0
`;
}

/** @param {Stack} stack */
async function learn(stack) {
  const origin = stack.course_url.replace(/\/$/, '');
  const answer = await fetch(`${origin}/waypost/post`, {
    method: 'POST',
    headers: { origin, 'content-type': 'text/plain;charset=UTF-8' },
    body: JSON.stringify({
      ...{ v: 1, nonce: randomUUID(), sent_ms: Date.now(), offset_ms: 0, kind: 'statements' },
      entries: [
        {
          id: randomUUID(),
          timestamp: new Date().toISOString(),
          actor: { account: { homePage: `${origin}/waypost/self-declared`, name: learner } },
          verb: { id: 'http://adlnet.gov/expapi/verbs/completed' },
          object: { id: 'https://example.org/course' },
        },
      ],
    }),
  });
  assert.equal(answer.status, 200, await answer.clone().text());
  assert.equal((await answer.json()).accepted.length, 1);
}

/** @param {Stack} stack @param {object | null} fault null ends it */
async function order_fault(stack, fault) {
  const answer = await fetch(`${stack.statements_url}practice/faults`, {
    method: fault ? 'POST' : 'DELETE',
    body: fault ? JSON.stringify(fault) : undefined,
  });
  assert.ok(answer.ok, await answer.text());
}

/** Waits until the LRS has had so many requests. @param {Stack} stack @param {number} count */
async function requests_at_lrs(stack, count) {
  await until(`${count} requests`, async () => {
    const { total } = await (await fetch(`${stack.statements_url}practice/log`)).json();
    return total >= count;
  });
}

/** @param {unknown} arrived @param {string} folder */
function assert_no_canary(arrived, folder) {
  const text = JSON.stringify(arrived);
  const secret = readFileSync(`${folder}/relay/api_secret`, 'utf8').trim();
  for (const canary of [learner, lrs_words, password, secret, 'self-declared', 'expapi']) {
    assert.ok(!text.includes(canary), `"${canary}" in ${text}`);
  }
}

test('a refused key is one mail, its acceptance another, and nothing in between', async (t) => {
  const folder = test_folder(t);
  const { mails, port } = await mail_server(t, { user: 'waypost', password });
  const { calls, url } = await webhook_server(t);
  const { stack } = await running_stack(t, { folder, more: alert_settings(folder, port, url) });
  await order_fault(stack, { status: 401, body: lrs_words });
  await learn(stack);
  const about_block = (/** @type {{subject: string}} */ { subject }) => subject.includes('blocked');
  const [mail] = await mails.until(1, about_block);
  assert.equal(mail.subject, '[waypost] demo: blocked: the LRS refuses the key');
  assert.equal(mail.from, 'waypost@example.org');
  assert.deepEqual(mail.to, ['admin@example.org', 'second@example.org']);
  assert.equal(mail.user, 'waypost');
  for (const header of [
    /^Date: \w{3}, \d\d? \w{3} \d{4} [\d:]{8} \+0000\r$/m,
    /^Message-ID: <[0-9a-f-]{36}@example\.org>\r$/m,
    /^Auto-Submitted: auto-generated\r$/m,
    /status\s+401/,
    /Nothing is lost: 1 statement waits/,
  ]) {
    assert.match(mail.text, header);
  }

  await learn(stack);
  await requests_at_lrs(stack, 2); // it was refused again
  await order_fault(stack, null);
  assert.equal((await statements_in_lrs(stack, 2)).length, 2);
  const all = await mails.until(2, about_block);
  assert.equal(all[1].subject, '[waypost] demo: blocked: over: The LRS stores statements again.');
  const about_blocked = (/** @type {{body: {alert: string}}} */ { body }) =>
    body.alert === 'blocked';
  const hooked = await calls.until(2, about_blocked);

  await stack.relay.stop();
  assert.equal(mails.all.filter(about_block).length, 2, 'nothing more was sent');
  assert.equal(calls.all.filter(about_blocked).length, 2, 'nor posted');
  assert.deepEqual(
    hooked.map(({ method, content_type, body }) => [method, content_type, body.phase]),
    [
      ['POST', 'application/json', 'began'],
      ['POST', 'application/json', 'ended'],
    ],
  );
  const { body } = hooked[0];
  assert.equal(body.organisation, 'demo');
  assert.equal(body.destination, `${stack.statements_url}xapi`);
  assert.equal(body.cause, 'unauthorized');
  assert.equal(body.status, 401);
  assert.equal(body.waiting, 1);
  assert_no_canary([mails.all, calls.all], folder);

  const log = log_of(stack.relay.log);
  assert.match(log, /"alerts go to","channel":"e-mail","to":"admin@example.org, second@/);
  assert.match(log, /"alerts go to","channel":"webhook","to":"127.0.0.1:\d+"/);
  for (const canary of [password, 'canary-of-the-hook']) assert.ok(!log.includes(canary));
});

test('who is added while something is wrong is told, and of its end too', async (t) => {
  const folder = test_folder(t);
  const { stack } = await running_stack(t, { folder });
  assert.match(
    log_of(stack.relay.log),
    /"level":"warning","happening":"alerts go to the log only"/,
  );
  await order_fault(stack, { status: 404 });
  await learn(stack);
  await until('an alert', () => log_of(stack.relay.log).includes('"alert":"blocked"'));
  const { mails, port } = await mail_server(t, { user: 'waypost', password });
  appendFileSync(`${folder}/relay/relay.toml`, alert_settings(folder, port));
  process.kill(stack.relay.pid ?? 0, 'SIGHUP');
  const about_block = (/** @type {{subject: string}} */ { subject }) => subject.includes('blocked');
  const [mail] = await mails.until(1, about_block);
  assert.equal(mail.subject, '[waypost] demo: blocked: no LRS answers at this address');
  await order_fault(stack, null);
  const [, over] = await mails.until(2, about_block);
  assert.match(over.subject, /blocked: over/);
});

test('an outage and its end are told', async (t) => {
  const folder = test_folder(t);
  const { mails, port } = await mail_server(t, { user: 'waypost', password });
  const { stack } = await running_stack(t, { folder, more: alert_settings(folder, port) });
  await order_fault(stack, { status: 503, body: lrs_words });
  await learn(stack);
  const about = (/** @type {{subject: string}} */ { subject }) => subject.includes('outage');
  const [mail] = await mails.until(1, about);
  assert.equal(mail.subject, '[waypost] demo: outage: the LRS cannot take statements');
  await order_fault(stack, null);
  const [, over] = await mails.until(2, about);
  assert.equal(over.subject, '[waypost] demo: outage: over: The LRS answers again.');
  assert_no_canary(mails.all, folder);
});

test('a dead letter is told, by its reason and without its content', async (t) => {
  const folder = test_folder(t);
  const { mails, port } = await mail_server(t, { user: 'waypost', password });
  const { stack } = await running_stack(t, { folder, more: alert_settings(folder, port) });
  const poison_verb = 'http://adlnet.gov/expapi/verbs/completed';
  await order_fault(stack, { poison_verb, status: 400, body: lrs_words });
  await learn(stack);
  const [mail] = await mails.until(1, ({ subject }) => subject.includes('dead-letters'));
  assert.equal(mail.subject, '[waypost] demo: dead-letters: 1 statement set aside');
  assert.match(mail.text, /1 refused/);
  assert_no_canary(mails.all, folder);
});

test('a mail waits until the mail server takes it', async (t) => {
  const folder = test_folder(t);
  const { course: port } = await free_ports();
  const { stack } = await running_stack(t, { folder, more: alert_settings(folder, port) });
  await order_fault(stack, { status: 403 });
  await learn(stack);
  await until('it is not sent', () => log_of(stack.relay.log).includes('"alert not sent"'));
  const { mails } = await mail_server(t, { user: 'waypost', password, port });
  const [mail] = await mails.until(1, ({ subject }) => subject.includes('blocked'));
  assert.equal(mail.subject, '[waypost] demo: blocked: the key may not store statements');
});

/**
 * Runs the program to its end. @param {{folder: string, more: string}} settings
 * @returns {Promise<{code: number, output: string, errors: string}>}
 */
async function test_alert({ folder, more }) {
  const { stack } = await stack_with(folder, more);
  const [program] = stack.relay.command;
  return new Promise((done) => {
    const options = ['test-alert', '--config', `${folder}/relay/relay.toml`];
    execFile(program, options, (error, output, errors) =>
      done({ code: error ? Number(error.code) : 0, output, errors }),
    );
  });
}

test('an operator tries whether alerts reach him', async (t) => {
  const folder = test_folder(t);
  const { mails, port } = await mail_server(t, { user: 'waypost', password });
  const { calls, url } = await webhook_server(t);
  const config = { folder, more: alert_settings(folder, port, url) };
  const right = await test_alert(config);
  assert.deepEqual([right.code, right.errors], [0, '']);
  assert.match(right.output, /^e-mail to admin@example.org, second@example.org: sent$/m);
  assert.match(right.output, /^webhook to 127.0.0.1:\d+: sent$/m);
  assert.equal(mails.all[0].subject, '[waypost] test: alerts reach you');
  assert.equal(calls.all[0].body.alert, 'test');

  const wrong = await test_alert({ folder, more: config.more.replace('"waypost"', '"nobody"') });
  assert.equal(wrong.code, 1);
  assert.match(wrong.output, /^e-mail to .*: not sent: Login denied.*535$/m);
  assert.match(wrong.output, /^webhook to 127.0.0.1:\d+: sent$/m);

  const silent = await test_alert({ folder, more: '' });
  assert.equal(silent.code, 1);
  assert.match(silent.errors, /log only/);
  assert_no_canary_in_output([right, wrong, silent]);
});

test('a mail goes to no server that cannot show that it is the right one', async (t) => {
  const folder = test_folder(t);
  const plain = await mail_server(t, { user: 'waypost', password });
  const self_signed = await mail_server(t, { user: 'waypost', password, offers_tls: true });
  for (const { mails, port } of [plain, self_signed]) {
    const more = `${alert_settings(folder, port)}smtp_tls = "required"\n`;
    const { code, output } = await test_alert({ folder, more });
    assert.equal(code, 1);
    assert.match(output, /not sent: (Requested SSL level failed|SSL peer certificate)/);
    assert.deepEqual(mails.all, []);
  }
});

/** @param {{output: string, errors: string}[]} all */
function assert_no_canary_in_output(all) {
  const text = JSON.stringify(all);
  for (const canary of [password, 'canary-of-the-hook']) assert.ok(!text.includes(canary));
}
