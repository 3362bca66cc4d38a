// Ports for servers that a test stops and starts again. A port that the system gives (port 0) may
// be given to another program as soon as nobody listens there; these lie below those it gives.
import { createServer } from 'node:net';

// 32768 is where Linux begins to give ports by itself.
const first = 20_000;
const last = 32_767;

/** @param {number} count @returns {Promise<number[]>} ports that nobody has at this moment */
export async function lasting_ports(count) {
  const ports = new Set();
  while (ports.size < count) {
    const port = first + Math.floor(Math.random() * (last - first + 1));
    if (await is_free(port)) ports.add(port);
  }
  return [...ports];
}

/** @param {number} port @returns {Promise<boolean>} */
function is_free(port) {
  return new Promise((answer) => {
    const server = createServer();
    server.once('error', () => answer(false));
    server.listen(port, '127.0.0.1', () => server.close(() => answer(true)));
  });
}
