/** The relay puts the organisation's public settings here, as JSON, when it serves the loader. */
declare const __WAYPOST_SETTINGS__: import('./tracker.js').RelaySettings;

/** js/build.mjs puts these here. */
declare const __WAYPOST_PANEL_FILE__: string;
declare const __WAYPOST_SELDOM_NEEDED_FILE__: string;
declare const __WAYPOST_TRACKER_FILE__: string;
declare const __WAYPOST_WASM_FILE__: string;
declare const __WAYPOST_WASM_INTEGRITY__: string;

interface Window {
  waypost: {
    q: import('./call.js').Call[];
    loading?: boolean;
    script?: string;
    attempt?: number;
  };
}

/** js/build.mjs puts style sheets into scripts as texts. */
declare module '*.css' {
  const text: string;
  export default text;
}
