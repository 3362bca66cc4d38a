export const encoder = new TextEncoder();

/** @param {string} text @returns {number} how many bytes it takes as UTF-8 */
export const utf8_bytes = (text) => encoder.encode(text).length;
