// What holds for all events of a page: what it says about itself, asked or not.
import { json_text } from './captured_event.js';

/**
 * @typedef {object} Defaults
 * @property {unknown} [actor] who learns
 * @property {unknown} [object] what events are about that name no object of their own
 * @property {string} [language] of plain-text names
 * @property {unknown} [context]
 */

/**
 * @param {Document} page
 * @param {Defaults} said by the page's scripts. What is undefined in it they have not said, as in
 *   an event
 * @returns {Defaults}
 */
export function page_defaults(page, said) {
  const canonical = page.querySelector('link[rel=canonical]');
  const address = canonical instanceof HTMLLinkElement ? canonical.href : page.URL;
  return {
    object: activity_of(address, page.title),
    language: page.documentElement.lang || 'und',
    ...JSON.parse(json_text(said)),
  };
}

/**
 * @param {string} address
 * @param {string} title
 */
function activity_of(address, title) {
  const url = new URL(address);
  url.search = '';
  url.hash = '';
  return title === '' ? { id: url.href } : { id: url.href, name: title };
}
