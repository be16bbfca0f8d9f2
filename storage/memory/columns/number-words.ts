// A double seen as its two 32-bit words. One pair of views serves all code: it is written and read at once, never kept.

const LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** The places of the low and the high word in `words`. */
export const LOW = LITTLE_ENDIAN ? 0 : 1;
export const HIGH = 1 - LOW;

export const words = new Uint32Array(2);
/** The same bits as one double. */
export const number = new Float64Array(words.buffer);
