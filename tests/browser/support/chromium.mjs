// Starts Debian's own Chromium as a process of ours, so that a test can kill it.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { after } from 'node:test';
import { createInterface } from 'node:readline';

import { chromium } from 'playwright-core';

const executable = process.env.WAYPOST_CHROMIUM ?? '/usr/bin/chromium';
const switches = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // A host that is not localhost, so not a secure context.
  '--host-resolver-rules=MAP insecure.test 127.0.0.1',
  '--remote-debugging-port=0',
  'about:blank',
];

// A test program that is told to end takes its browser along.
process.once('SIGTERM', () => process.exit(143));

/**
 * A folder for a browser's user data, which outlives the browser.
 * @param {{after: (run: () => unknown) => void}} t a test, or node:test itself for a whole file
 */
export async function make_profile(t) {
  const folder = await mkdtemp(join(tmpdir(), 'waypost-profile-'));
  t.after(() => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }));
  return folder;
}

/** A browser on that profile; it ends with the test. */
export async function launch_browser(t, profile) {
  const child = spawn(executable, [`--user-data-dir=${profile}`, ...switches], {
    detached: true, // a process group of its own, to be killed whole
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const kill_group = () => {
    if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid, 'SIGKILL');
  };
  const kill = async () => {
    kill_group();
    await exited;
    process.off('exit', kill_group);
  };
  t.after(kill);
  process.on('exit', kill_group);
  const browser = await chromium.connectOverCDP(await devtools_address(child, exited));
  const [context] = browser.contexts();
  return { browser, context, kill, new_page: () => context.newPage() };
}

/** One browser for all tests of a file; each visitor is another, with storage of their own. */
export async function launch_shared_browser() {
  const { browser } = await launch_browser({ after }, await make_profile({ after }));
  return {
    /**
     * @param {import('node:test').TestContext} t
     * @param {import('playwright-core').BrowserContextOptions} [options]
     */
    async new_visitor(t, options) {
      const context = await browser.newContext(options);
      t.after(() => context.close());
      return context;
    },
  };
}

async function devtools_address(child, exited) {
  const lines = createInterface({ input: child.stderr });
  const address = new Promise((resolve) => {
    lines.on('line', (line) => {
      const found = /^DevTools listening on (ws:\S+)/.exec(line);
      if (found !== null) resolve(found[1]);
    });
  });
  const gone = exited.then((code) => Promise.reject(new Error(`Chromium ended with ${code}`)));
  return Promise.race([address, gone]);
}
