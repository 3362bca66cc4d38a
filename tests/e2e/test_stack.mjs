// The demo's stack on free ports and in a folder of its own, for one test.
import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Stack } from '../../demo/servers/stack.mjs';
import { lasting_ports } from '../support/lasting_ports.mjs';

/** @returns {Promise<import('../../demo/servers/ports.mjs').Ports>} free at this moment */
export async function free_ports() {
  const [course, lrs, relay, relay_private] = await lasting_ports(4);
  return { course, lrs, relay, relay_private };
}

/** A folder that goes when the test ends. @param {import('node:test').TestContext} t */
export function test_folder(t) {
  const folder = mkdtempSync(join(tmpdir(), 'waypost-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/**
 * A stack that is not running, the relay with more settings than the demo's.
 * @param {string} folder @param {string} more
 */
export async function stack_with(folder, more) {
  const ports = await free_ports();
  const stack = new Stack({ folder, ports });
  appendFileSync(`${folder}/relay/relay.toml`, more);
  return { stack, ports };
}

/**
 * A running stack that is stopped, and its logs shown if it failed to stop, when the test ends.
 * @param {import('node:test').TestContext} t
 * @param {{folder?: string, more?: string}} settings as of stack_with
 */
export async function running_stack(t, { folder = test_folder(t), more = '' } = {}) {
  const { stack, ports } = await stack_with(folder, more);
  t.after(() => stack.stop());
  for (const process of stack.processes) {
    process.on_death = () => t.diagnostic(`${process.name} ended by itself. ${process.tail()}`);
  }
  await stack.start();
  return { stack, ports };
}

/**
 * @typedef {{sequence: number, id: string, text: string, sent: number, sent_differently: number}}
 *   StoredStatement
 */

/**
 * What the practice LRS has, once it has so many; what it has after a while otherwise.
 * @param {Stack} stack @param {number} at_least @returns {Promise<StoredStatement[]>}
 */
export async function statements_in_lrs(stack, at_least) {
  const query = `at_least=${at_least}&wait_ms=60000&limit=100000`;
  const response = await fetch(`${stack.statements_url}practice/statements?${query}`);
  assert.equal(response.status, 200);
  return (await response.json()).statements;
}

/** @param {Stack} stack @param {string} name a metric without labels to tell apart, or their sum */
export async function metric(stack, name) {
  const text = await (await fetch(stack.metrics_url)).text();
  const lines = text.split('\n').filter((line) => new RegExp(`^${name}[ {]`).test(line));
  assert.ok(lines.length > 0, `the relay exports no ${name}:\n${text}`);
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}

/** @param {string} file */
export const log_of = (file) => readFileSync(file, 'utf8');
