// The ports of the demo, and whether they are free.
import { createServer } from 'node:net';

/** @typedef {{course: number, lrs: number, relay: number, relay_private: number}} Ports */

/** @type {{[name in keyof Ports]: {variable: string, usual: number}}} */
const table = {
  course: { variable: 'WAYPOST_COURSE_PORT', usual: 8080 },
  lrs: { variable: 'WAYPOST_LRS_PORT', usual: 8081 },
  relay: { variable: 'WAYPOST_RELAY_PORT', usual: 8800 },
  relay_private: { variable: 'WAYPOST_RELAY_PRIVATE_PORT', usual: 8801 },
};

/** @param {NodeJS.ProcessEnv} environment @returns {Ports} */
export function ports_from(environment) {
  const entries = Object.entries(table).map(([name, { variable, usual }]) => {
    const text = environment[variable] ?? String(usual);
    const port = Number(text);
    if (!/^\d+$/.test(text) || port < 1 || port > 65535) {
      throw new Error(`${variable} must be a port number from 1 to 65535; it is "${text}".`);
    }
    return [name, port];
  });
  const ports = Object.fromEntries(entries);
  if (new Set(Object.values(ports)).size < entries.length) {
    throw new Error('Each of the demo’s ports must be another number.');
  }
  return ports;
}

/** Rejects with a sentence that says what to do if a port is taken. @param {Ports} ports */
export async function require_free(ports) {
  for (const [name, { variable }] of Object.entries(table)) {
    const port = ports[/** @type {keyof Ports} */ (name)];
    const problem = await bind_once(port);
    if (!problem) continue;
    throw new Error(
      problem === 'EADDRINUSE'
        ? `Port ${port} is in use, perhaps by another ./demo/run. Stop that one, or choose another ` +
            `port: ${variable}=${port + 100} ./demo/run`
        : `Port ${port} cannot be opened (${problem}). Choose another: ` +
            `${variable}=${port + 100} ./demo/run`,
    );
  }
}

/** @param {number} port @returns {Promise<string | undefined>} the error's code, if any */
function bind_once(port) {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', (error) => done(/** @type {NodeJS.ErrnoException} */ (error).code));
    server.listen(port, '127.0.0.1', () => server.close(() => done(undefined)));
  });
}
