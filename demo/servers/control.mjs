// How ./demo/relay in one terminal reaches ./demo/run in another: a socket in the demo's folder.
import { rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';

/**
 * @param {string} socket_path at most 107 bytes, so better relative
 * @param {(command: string) => Promise<string>} carry_out resolves to the answer
 * @returns {Promise<() => void>} stops listening
 */
export function listen_for_commands(socket_path, carry_out) {
  rmSync(socket_path, { force: true });
  const server = createServer((socket) => {
    socket.setEncoding('utf8');
    socket.on('error', () => socket.destroy());
    socket.once('data', (text) => {
      carry_out(String(text).trim()).then(
        (answer) => socket.end(`${answer}\n`),
        (error) => socket.end(`${error.message}\n`),
      );
    });
  });
  return new Promise((done, failed) => {
    server.once('error', failed);
    server.listen(socket_path, () => done(() => server.close()));
  });
}

/**
 * @param {string} socket_path
 * @param {string} command
 * @returns {Promise<string>} the answer of the running demo
 */
export function send_command(socket_path, command) {
  return new Promise((done, failed) => {
    let answer = '';
    const socket = connect(socket_path, () => socket.write(`${command}\n`));
    socket.setEncoding('utf8');
    socket.on('data', (text) => (answer += text));
    socket.once('end', () => done(answer.trim()));
    socket.once('error', () => failed(new Error('No demo is running here; start one: ./demo/run')));
  });
}
