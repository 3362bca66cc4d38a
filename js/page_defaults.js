// What a page says about itself without being asked.

/**
 * @typedef {object} Defaults
 * @property {unknown} [actor] who learns
 * @property {unknown} [object] what events are about that name no object of their own
 * @property {string} [language] of plain-text names
 * @property {unknown} [context]
 */

/**
 * @param {Document} page
 * @returns {{object: {id: string, name?: string}, language: string}}
 */
export function page_defaults(page) {
  const canonical = page.querySelector('link[rel=canonical]');
  const address = canonical instanceof HTMLLinkElement ? canonical.href : page.URL;
  return { object: activity_of(address, page.title), language: page.documentElement.lang || 'und' };
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
