// The types of snappyjs, which brings none: the part that is used here.
declare module 'snappyjs' {
  /** In Snappy's block format: the length as a varint, then literals and copies. */
  export function compress(uncompressed: Uint8Array): Uint8Array;
  export function uncompress(compressed: Uint8Array): Uint8Array;
}
