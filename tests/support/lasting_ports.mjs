// Ports for servers that a test stops and starts again. A port that the system gives (port 0) may
// be given to another program as soon as nobody listens there; these lie below those it gives, and
// no two tests have the same.
import { createServer } from 'node:net';

// 32768 is where Linux begins to give ports by itself.
const first = 20_000;
const last = 32_767;

// A port is a test's as long as its process listens there, where no server does.
const owners_address = '127.0.0.77';

/** @param {number} count @returns {Promise<number[]>} this process's own, to its end */
export async function lasting_ports(count) {
  const ports = [];
  while (ports.length < count) {
    const port = first + Math.floor(Math.random() * (last - first + 1));
    const owner = await listening(port, owners_address);
    if (owner === null) continue;
    owner.unref();
    const server = await listening(port, '127.0.0.1');
    if (server === null) continue;
    await new Promise((closed) => server.close(closed));
    ports.push(port);
  }
  return ports;
}

/** @typedef {import('node:net').Server} Server */

/** @param {number} port @param {string} address @returns {Promise<Server | null>} */
function listening(port, address) {
  return new Promise((answer) => {
    const server = createServer();
    server.once('error', () => answer(null));
    server.listen(port, address, () => answer(server));
  });
}
