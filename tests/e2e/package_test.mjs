// The npm package in a stranger's page: packed, installed, compiled, bundled, and run.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { build } from 'esbuild';

import { launch_shared_browser } from '../browser/support/chromium.mjs';
import { course_page, start_course_server } from '../browser/support/course_server.mjs';
import { start_practice_lrs } from '../browser/loss/practice_lrs.mjs';
import { start_relay } from '../browser/support/relay.mjs';
import { running_stack, statements_in_lrs, test_folder } from './test_stack.mjs';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path) => readFile(join(root, path), 'utf8');

const browser = await launch_shared_browser();

/** A project that has installed the package. */
let project;

before(async (t) => {
  project = test_folder(t);
  await mkdir(join(project, 'packed'));
  await run('npm', ['pack', join(root, 'js/module'), '--pack-destination', 'packed'], {
    cwd: project,
  });
  const [tarball] = await readdir(join(project, 'packed'));
  await writeFile(join(project, 'package.json'), '{"private":true,"type":"module"}');
  await run(
    'npm',
    ['install', '--offline', '--no-audit', '--no-fund', join(project, 'packed', tarball)],
    {
      cwd: project,
    },
  );
});

/** The text of a page's script. @param {string} source */
async function bundled(source) {
  await writeFile(join(project, 'page.ts'), source);
  const { outputFiles } = await build({
    entryPoints: [join(project, 'page.ts')],
    bundle: true,
    minify: true,
    format: 'esm',
    write: false,
  });
  return outputFiles[0].text;
}

const page_with = (script) => course_page(`<script type="module">${script}</script>`);

test('the versions of package and project are the same, and it has no dependencies', async () => {
  const { version } = JSON.parse(await read('package.json'));
  const installed = JSON.parse(
    await readFile(join(project, 'node_modules/waypost/package.json'), 'utf8'),
  );
  assert.equal(installed.version, version);
  assert.deepEqual(
    Object.keys(installed).filter((member) => /dependencies$/i.test(member)),
    [],
  );
});

for (const resolution of ['bundler', 'nodenext']) {
  test(`a TypeScript page compiles under --strict (${resolution})`, async () => {
    await copyFile(join(root, 'tests/e2e/package/sample.ts'), join(project, 'sample.ts'));
    await run('node', [
      ...[join(root, 'node_modules/typescript/bin/tsc'), join(project, 'sample.ts')],
      ...['--strict', '--noEmit', '--target', 'es2022', '--lib', 'es2022,dom', '--ignoreConfig'],
      ...['--moduleResolution', resolution],
      ...['--module', resolution === 'bundler' ? 'es2022' : 'nodenext'],
    ]);
  });
}

test('the example of docs/authors.md brings a statement to the LRS', async (t) => {
  const { stack } = await running_stack(t);
  const [, example] = /```ts bundle\n(.*?)```/s.exec(await read('docs/authors.md'));
  const url = `${stack.course_url}stranger`;
  const page = await (await browser.new_visitor(t)).newPage();
  const body = page_with(await bundled(example));
  await page.route(url, (route) => route.fulfill({ contentType: 'text/html', body }));
  await page.goto(url);
  const [{ text }] = await statements_in_lrs(stack, 1);
  const { verb, result, object } = JSON.parse(text);
  assert.equal(verb.id, 'http://adlnet.gov/expapi/verbs/completed');
  assert.equal(result.score.scaled, 0.8);
  assert.equal(object.id, url);
});

/** A course on one origin and a relay with its LRS on another. */
async function start_apart(t) {
  const server = await start_course_server(t);
  const credential = { api_key: 'key', api_secret: 'secret' };
  const lrs = await start_practice_lrs(t, credential);
  const lrs_url = lrs.statements_url;
  const relay = await start_relay(t, server.origin, {
    ...credential,
    lrs_url,
    update_interval_s: 0,
  });
  return { server, lrs, relay };
}

test('calls are kept in order while the relay is away, under a strict policy', async (t) => {
  const { server, lrs, relay } = await start_apart(t);
  const script = await bundled(`import { connect } from 'waypost';
    const waypost = connect({ relay: '${relay.origin}/waypost/' });
    const again = connect({ relay: '${relay.origin}/waypost' });
    waypost('experienced', { object: 'https://x.example/1' });
    again.track({ verb: 'completed', object: 'https://x.example/2' });
    try { connect({ relay: '/elsewhere' }); } catch (error) { window.told = error.message; }`);
  await relay.kill();
  const policy = `default-src 'none'; require-trusted-types-for 'script';
    script-src ${relay.origin} 'unsafe-inline' 'wasm-unsafe-eval'; connect-src ${relay.origin}`;
  const meta = `<meta http-equiv="Content-Security-Policy" content="${policy}">`;
  server.pages.set('/stranger', page_with(script).replace('<script', `${meta}<script`));
  const page = await (await browser.new_visitor(t)).newPage();
  const told = page.waitForEvent('console', (line) => /no tracker/.test(line.text()));
  await page.goto(`${server.origin}/stranger`);
  await told;
  await relay.start();
  const objects = (await lrs.statements(2)).map(({ text }) => JSON.parse(text).object.id);
  assert.deepEqual(objects, ['https://x.example/1', 'https://x.example/2']);
  assert.match(await page.evaluate(() => window.told), /connected already/);
});

test('on a server it can be imported, and says that it is for pages', async () => {
  await writeFile(
    join(project, 'server.js'),
    `import { connect } from 'waypost';
    try { connect({ relay: '/waypost' }); } catch ({ message }) { console.log(message); }`,
  );
  const { stdout } = await run('node', [join(project, 'server.js')]);
  assert.match(stdout, /^waypost: connect\(\) is for pages/);
});
