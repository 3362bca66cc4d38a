// What seldom_needed.js fetches; a file of its own in the build.
export { FallbackSender } from './fallback/sender.js';
export { create_lease_turn } from './sending_lease.js';
