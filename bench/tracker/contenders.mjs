// Who is compared, in which versions, and how their files are made. They are installed into a
// folder of the bench's own; the project does not depend on them.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

const here = fileURLToPath(new URL('.', import.meta.url));

/**
 * `scripts` are files of the package that have a script tag of their own, before the bundle of
 * contenders/ENTRY and what it imports.
 * @type {{name: string, package?: string, version?: string, entry: string, scripts: string[]}[]}
 */
export const contenders = [
  { name: 'nothing', entry: 'nothing.mjs', scripts: [] },
  { name: 'waypost', entry: 'waypost.mjs', scripts: [] },
  {
    name: 'tincanjs',
    package: 'tincanjs',
    version: '0.50.0',
    entry: 'tincanjs.mjs',
    scripts: ['tincanjs/build/tincan-min.js'],
  },
  {
    name: 'xapiwrapper',
    package: 'xapiwrapper',
    version: '1.11.0',
    entry: 'xapiwrapper.mjs',
    scripts: ['xapiwrapper/dist/xapiwrapper.min.js'],
  },
  { name: '@xapi/xapi', package: '@xapi/xapi', version: '3.0.3', entry: 'xapi.mjs', scripts: [] },
  {
    name: '@segment/analytics-next',
    package: '@segment/analytics-next',
    version: '1.84.3',
    entry: 'segment.mjs',
    scripts: [],
  },
  {
    name: '@snowplow/browser-tracker',
    package: '@snowplow/browser-tracker',
    version: '4.10.1',
    entry: 'snowplow.mjs',
    scripts: [],
  },
];

/** @param {string} folder that may hold them from an earlier run */
export function install(folder) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"private": true}\n');
  const wanted = contenders.flatMap((each) =>
    each.package === undefined ? [] : [`${each.package}@${each.version}`],
  );
  const options = ['--no-audit', '--no-fund', '--ignore-scripts', '--no-save', '--silent'];
  execFileSync('npm', ['install', ...options, ...wanted], { cwd: folder, stdio: 'inherit' });
}

/**
 * The scripts of a contender's page, minified, in the order of their tags.
 * @param {(typeof contenders)[number]} contender
 * @param {string} folder
 * @returns {Promise<{name: string, content: Buffer}[]>}
 */
export async function scripts_of({ entry, scripts }, folder) {
  const { outputFiles } = await build({
    entryPoints: [join(here, 'contenders', entry)],
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    legalComments: 'none',
    define: { 'process.env.NODE_ENV': '"production"' },
    nodePaths: [join(folder, 'node_modules')],
    write: false,
  });
  const own = scripts.map((path) => ({
    name: basename(path),
    content: readFileSync(join(folder, 'node_modules', path)),
  }));
  return [
    ...own,
    { name: entry.replace('.mjs', '.js'), content: Buffer.from(outputFiles[0].contents) },
  ];
}
