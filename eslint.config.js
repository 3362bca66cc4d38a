import js from '@eslint/js';
import globals from 'globals';
import tseslint from 'typescript-eslint';

const clock_and_chance = {
  'no-restricted-globals': ['error', 'setTimeout', 'setInterval', 'performance'],
  'no-restricted-properties': [
    'error',
    { object: 'Date', property: 'now', message: 'The clock is js/clock.js only.' },
    { object: 'Math', property: 'random', message: 'Chance comes from js/random.js only.' },
  ],
};

const strict_everywhere = {
  eqeqeq: 'error',
  'prefer-const': 'error',
  'no-var': 'error',
  'no-empty': 'error',
  'max-lines': ['error', { max: 500, skipBlankLines: true, skipComments: true }],
  'max-lines-per-function': ['error', { max: 70, skipBlankLines: true, skipComments: true }],
  '@typescript-eslint/no-floating-promises': 'error',
};

export default tseslint.config(
  { ignores: ['build/', 'node_modules/'] },
  js.configs.recommended,
  {
    plugins: { '@typescript-eslint': tseslint.plugin },
    languageOptions: { parser: tseslint.parser, sourceType: 'module' },
  },
  {
    // The tracker: what runs in a page.
    files: ['js/**/*.js'],
    languageOptions: {
      globals: globals.browser,
      parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname },
    },
    // Names are TypeScript's to know.
    rules: { ...strict_everywhere, ...clock_and_chance, 'no-undef': 'off' },
  },
  {
    // The edge: the only files of the tracker with a clock, a timer, or chance.
    files: ['js/clock.js', 'js/random.js', 'js/loader.js', 'js/module/connect.js'],
    rules: { 'no-restricted-globals': 'off', 'no-restricted-properties': 'off' },
  },
  {
    // Programs for Node: the build, the tests, the bench, the demo's own.
    files: ['**/*.mjs'],
    languageOptions: {
      globals: { ...globals.node, ...globals.browser },
      parserOptions: { project: './tsconfig.node.json', tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      ...strict_everywhere,
      'max-lines-per-function': 'off',
      // The runner itself awaits the tests that a file registers.
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', package: 'node:test', name: ['test', 'describe', 'it'] },
          ],
        },
      ],
    },
  },
  {
    // Functions that run in a page see what the test has put there.
    files: ['tests/browser/**/*.mjs'],
    languageOptions: {
      globals: { waypost: 'readonly', queue: 'readonly', row: 'readonly', ids_of: 'readonly' },
    },
  },
  {
    // Scripts of pages that are not part of the tracker.
    files: ['demo/**/*.js', 'tests/**/*.js'],
    languageOptions: { globals: { ...globals.browser, waypost: 'readonly' } },
    rules: { eqeqeq: 'error', 'prefer-const': 'error', 'no-var': 'error' },
  },
);
