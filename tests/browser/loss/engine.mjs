// The browser that the tests of this folder run in. WAYPOST_ENGINE names it; Chromium otherwise.
// Whatever differs between browsers is in the engine's own file.
import process from 'node:process';

import { chromium_engine } from './engine_chromium.mjs';

/**
 * @typedef {object} Engine
 * @property {string} name
 * @property {(t: TestContext) => Promise<string>} make_profile the folder of a new learner's data;
 *   it outlives browsers and goes with the test
 * @property {(t: TestContext, profile: string) => Promise<Browser>} launch
 *
 * @typedef {object} Browser ends with the test
 * @property {() => Promise<Tab>} open_tab
 * @property {(offline: boolean) => Promise<void>} set_offline for all tabs that are open
 * @property {() => Promise<void>} kill with all its processes, at once
 *
 * @typedef {object} Tab
 * @property {(url: string) => Promise<void>} visit resolves when the page and its scripts are there
 * @property {(run: Function, argument?: unknown) => Promise<any>} run a function in the page;
 *   resolves with what it returns
 * @property {() => Promise<void>} close as a person would
 * @property {() => Promise<void>} crash the process of the page
 *
 * @typedef {import('node:test').TestContext} TestContext
 */

/** @type {Engine[]} */
const engines = [chromium_engine];

const wanted = process.env.WAYPOST_ENGINE ?? chromium_engine.name;

/** @type {Engine} */
export const engine =
  engines.find(({ name }) => name === wanted) ??
  (() => {
    throw new Error(`There is no engine "${wanted}".`);
  })();
