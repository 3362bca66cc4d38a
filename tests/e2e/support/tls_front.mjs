// A TLS server before the practice LRS, and certificates that are right and wrong.
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { back_to, hand_on } from './hand_on.mjs';

/** @typedef {{key: Buffer, cert: Buffer}} Certificate */

/** Makes certificates that nobody but themselves vouches for. */
export class Certificates {
  /** @param {import('node:test').TestContext} t */
  constructor(t) {
    this.folder = mkdtempSync(join(tmpdir(), 'waypost-certificates-'));
    t.after(() => rmSync(this.folder, { recursive: true, force: true }));
  }

  /**
   * @param {string} name
   * @param {{address?: string, days?: number}} terms
   * @returns {Certificate}
   */
  make(name, { address = '127.0.0.1', days = 30 } = {}) {
    const [key, request, cert] = ['key', 'csr', 'crt'].map((kind) => `${name}.${kind}`);
    const openssl = (/** @type {string[]} */ ...words) =>
      execFileSync('openssl', words, { cwd: this.folder, stdio: 'pipe' });
    openssl(
      ...['req', '-new', '-nodes', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
      ...['-subj', `/CN=${name}`, '-addext', `subjectAltName=IP:${address}`],
      ...['-keyout', key, '-out', request],
    );
    openssl(
      ...['x509', '-req', '-in', request, '-signkey', key, '-copy_extensions', 'copy'],
      ...['-days', String(days), '-out', cert],
    );
    return {
      key: readFileSync(join(this.folder, key)),
      cert: readFileSync(join(this.folder, cert)),
    };
  }

  /** A file for those who trust all of these. @param {Certificate[]} certificates */
  bundle(certificates) {
    const file = join(this.folder, 'bundle.crt');
    writeFileSync(file, Buffer.concat(certificates.map(({ cert }) => cert)));
    return file;
  }
}

/** @param {import('node:test').TestContext} t @param {Certificate} certificate */
export async function tls_front(t, certificate) {
  const front = new TlsFront(certificate);
  t.after(() => front.server.close());
  front.server.listen(0, '127.0.0.1');
  await once(front.server, 'listening');
  return front;
}

class TlsFront {
  /** The port of the LRS behind it. */
  lrs_port = 0;
  /** Requests that came through a handshake. */
  requests = 0;

  /** @param {Certificate} certificate */
  constructor(certificate) {
    this.server = createServer(certificate, (incoming, answer) => {
      this.requests += 1;
      hand_on(incoming, this.lrs_port, back_to(answer));
    });
    // Clients that do not trust its certificate hang up.
    this.server.on('tlsClientError', () => {});
  }

  get url() {
    const { port } = /** @type {import('node:net').AddressInfo} */ (this.server.address());
    return `https://127.0.0.1:${port}/xapi/`;
  }

  /** From now on. @param {Certificate} certificate */
  show(certificate) {
    this.server.setSecureContext(certificate);
  }
}
