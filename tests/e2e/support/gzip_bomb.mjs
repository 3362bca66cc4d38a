// Little to send, much to unpack.
import { gzipSync } from 'node:zlib';

const mebibyte_packed = gzipSync(' '.repeat(1024 * 1024));

/**
 * Of these words and so many MiB of spaces between them. Made of members (RFC 1952 section 2.2), so
 * that packing takes no time in which the process of the tests would stand still.
 * @param {string} before @param {number} unpacked_mib @param {string} after
 */
export const gzip_bomb = (before, unpacked_mib, after) =>
  Buffer.concat([
    gzipSync(before),
    ...Array.from({ length: unpacked_mib }, () => mebibyte_packed),
    gzipSync(after),
  ]);
