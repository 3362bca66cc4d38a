/** @import {Row} from '../queue.js' */

// core/include/waypost/limits.hpp: kExitFlushBytesMax.
const batch_bytes_max = 48 * 1024;

/**
 * The oldest row and those behind it that can go with it in one request.
 * @param {Row[]} rows in order of arrival
 * @param {number} count_max
 * @returns {Row[]} one at least, however large, if there are any
 */
export function oldest_batch(rows, count_max) {
  let bytes = 0;
  const end = rows.findIndex((row, index) => {
    bytes += row.bytes;
    const fits = index < count_max && bytes <= batch_bytes_max;
    const alike = row.kind === rows[0].kind && row.group === rows[0].group;
    return index > 0 && !(fits && alike);
  });
  return end === -1 ? rows : rows.slice(0, end);
}
