// Typed arrays that grow at their end. One place, because every column of a family that is being read does.

type Column = Int32Array | Float64Array | Uint8Array;

/** A copy with twice the room, or with as much as is needed where that is more. */
export function grown<C extends Column>(column: C, needed = 0): C {
  const larger = new (column.constructor as new (length: number) => C)(Math.max(column.length * 2, needed));
  larger.set(column);
  return larger;
}
