import { launch_browser, make_profile } from '../support/chromium.mjs';

/** @type {import('./engine.mjs').Engine} */
export const chromium_engine = {
  name: 'chromium',
  make_profile,
  async launch(t, profile) {
    const { context, kill } = await launch_browser(t, profile);
    return {
      open_tab: async () => tab_of(await context.newPage()),
      set_offline: (offline) => context.setOffline(offline),
      kill,
    };
  },
};

/** @param {import('playwright-core').Page} page */
const tab_of = (page) => ({
  visit: async (url) => void (await page.goto(url)),
  run: (run, argument) => page.evaluate(run, argument),
  close: () => page.close(),
  async crash() {
    const crashed = page.waitForEvent('crash');
    // Nothing answers any more, not even to say that this worked.
    page.goto('chrome://crash').catch(() => undefined);
    await crashed;
  },
});
