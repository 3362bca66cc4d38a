// What a server before the practice LRS does with a request that is to arrive there.
import { request } from 'node:http';

/**
 * Sends the request to the LRS; `answered` has its answer.
 * @param {import('node:http').IncomingMessage} incoming
 * @param {number} lrs_port
 * @param {{answered: (response: import('node:http').IncomingMessage) => void,
 *   failed: () => void}} to
 */
export function hand_on(incoming, lrs_port, { answered, failed }) {
  const { method, url, headers } = incoming;
  const onward = request({ host: '127.0.0.1', port: lrs_port, method, path: url, headers });
  onward.on('response', answered);
  onward.on('error', failed);
  incoming.pipe(onward);
}

/**
 * Sends the LRS's answer back as it is.
 * @param {import('node:http').ServerResponse} answer
 */
export const back_to = (answer) => ({
  answered: (/** @type {import('node:http').IncomingMessage} */ response) => {
    answer.writeHead(response.statusCode ?? 502, response.headers);
    response.pipe(answer);
  },
  failed: () => void answer.destroy(),
});
