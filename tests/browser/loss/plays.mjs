// What goes wrong between the page and the relay, request by request.

/**
 * @typedef {{kind: 'answer', status: number, headers: Record<string, string>, body: string}
 *   | {kind: 'reset-before'} the relay never hears of it
 *   | {kind: 'reset-after'} the relay has it; the page does not learn that
 *   | {kind: 'hang'}} Fault
 *
 * @callback Play
 * @param {{number: number, body: string}} request `number` counts from 1, since the play began
 * @returns {Fault | null} null: it is forwarded
 */

/** @type {Play} */
export const forward_all = () => null;

/** @type {Fault} */
export const reset_before = { kind: 'reset-before' };

/** @type {Fault} */
export const reset_after = { kind: 'reset-after' };

/** @type {Fault} */
export const hang = { kind: 'hang' };

/** @returns {Fault} */
export const answer = (status, headers = {}, body = '') => ({
  kind: 'answer',
  status,
  headers,
  body,
});

/** What a hotel answers to everything until somebody has paid. */
export const portal = answer(
  200,
  { 'content-type': 'text/html' },
  '<!doctype html><title>Welcome</title><form>Room number: <input></form>',
);

/** Every request. @param {Fault} fault @returns {Play} */
export const always = (fault) => () => fault;

/** The first so many requests. @param {number} count @param {Fault} fault @returns {Play} */
export const first = (count, fault) => (request) => (request.number <= count ? fault : null);

/** Half of all requests, now before and now after the relay has them. @type {Play} */
export const half_reset = ({ number }) => {
  if (number % 2 === 0) return null;
  return number % 4 === 1 ? reset_after : reset_before;
};

/** A web server that takes small requests only. @param {number} bytes_max @returns {Play} */
export const limit_bytes =
  (bytes_max) =>
  ({ body }) =>
    body.length > bytes_max ? answer(413) : null;

/** A relay that goes down and comes back four times, for two requests each. @type {Play} */
export const flapping = ({ number }) => {
  const down = number <= 16 && Math.ceil(number / 2) % 2 === 1;
  return down ? [answer(503), reset_after, reset_before][number % 3] : null;
};
