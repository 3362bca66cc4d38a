// Chance for the tracker, from the browser's cryptographic source. `crypto.randomUUID` is missing
// in pages that are not secure contexts, `getRandomValues` is not.

/**
 * @param {number} count
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function random_bytes(count) {
  return crypto.getRandomValues(new Uint8Array(count));
}

/**
 * A random UUID (RFC 9562, version 4) as its 16 bytes.
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function random_uuid() {
  const bytes = random_bytes(16);
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return bytes;
}

/** 32 random bits as a number. */
export function random_uint32() {
  return crypto.getRandomValues(new Uint32Array(1))[0];
}

/**
 * @param {Uint8Array} bytes 16 of them
 * @returns {string} the UUID in lower case, with hyphens
 */
export function uuid_text(bytes) {
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/**
 * @param {string} text a UUID, or anything else
 * @returns {Uint8Array<ArrayBuffer>} its 16 bytes, or some that are as good as none
 */
export function uuid_bytes(text) {
  const hex = text.replaceAll('-', '');
  return Uint8Array.from({ length: 16 }, (_, at) => parseInt(hex.slice(2 * at, 2 * at + 2), 16));
}
