// Which room may use which. CMake's link lists and the type checker's configuration say the same to
// the compilers; this reads the source, so that no include path can get around it.
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';

import {
  assert_none,
  cpp_files,
  files_named,
  imports_of,
  includes_of,
  room_of,
  script_files,
  system_includes_of,
  text_of,
} from './source_tree.mjs';

const everything = ['core', 'wasm', 'js', 'proxy', 'demo', 'tests', 'tests/practice_lrs', 'bench'];

/** @type {Record<string, string[]>} */
const may_use = {
  core: ['core'],
  wasm: ['core', 'wasm'],
  js: ['js'],
  proxy: ['core', 'proxy'],
  demo: ['demo'],
  'tests/practice_lrs': ['core', 'tests/practice_lrs'],
  tests: everything,
  bench: everything,
};

// Headers that bring a clock, chance, threads, files, sockets or output with them.
const impure_headers = new RegExp(
  '^(' +
    [
      'chrono|ctime|time\\.h|random|filesystem|unistd\\.h|fcntl\\.h|sqlite3\\.h',
      'thread|mutex|shared_mutex|condition_variable|future|atomic',
      'iostream|fstream|ostream|istream|sstream|cstdio|stdio\\.h',
      '(sys|netinet|arpa|boost|spdlog|curl|emscripten)/.*',
    ].join('|') +
    ')$',
);

/** @param {string} from @param {string} to */
function allowed(from, to) {
  return (may_use[room_of(from)] ?? everything).includes(room_of(to));
}

test('C++ includes go only where the rooms may', () => {
  const wrong = cpp_files.flatMap((path) =>
    includes_of(path)
      .filter(({ target }) => target !== undefined && !allowed(path, target))
      .map(({ name }) => `${path} includes "${name}"`),
  );
  assert_none(wrong);
});

test('every quoted include is a file of this project, or made by its build', () => {
  const builds = files_named(/(CMakeLists\.txt|\.cmake)$/)
    .map(text_of)
    .join('\n');
  const wrong = cpp_files.flatMap((path) =>
    includes_of(path)
      .filter(({ name, target }) => target === undefined && !builds.includes(name))
      .map(({ name }) => `${path} includes "${name}"`),
  );
  assert_none(wrong);
});

test('the core includes nothing that does I/O or knows the time', () => {
  const wrong = cpp_files
    .filter((path) => room_of(path) === 'core')
    .flatMap((path) =>
      system_includes_of(path)
        .filter((name) => impure_headers.test(name))
        .map((name) => `${path} includes <${name}>`),
    );
  assert_none(wrong);
});

test('scripts import only from where the rooms may', () => {
  const wrong = script_files.flatMap((path) =>
    imports_of(path)
      .filter((name) => name.startsWith('.'))
      .filter((name) => !allowed(path, normalize(join(dirname(path), name))))
      .map((name) => `${path} imports ${name}`),
  );
  assert_none(wrong);
});

test('what runs in a page imports no package', () => {
  const wrong = script_files
    .filter((path) => /^(js|demo)\/.*\.js$/.test(path))
    .flatMap((path) =>
      imports_of(path)
        .filter((name) => !/^\.{1,2}\//.test(name))
        .map((name) => `${path} imports ${name}`),
    );
  assert_none(wrong);
});
