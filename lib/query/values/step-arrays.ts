// Arrays by step, all zero. They are cut from longer ones, because an array of its own costs a series of a range query 1.5 µs
// more, as much as reading it from memory; each part is handed out once.

/** Shorter ones stand beside their objects and cost little; of longer ones there are not many. */
const FEWEST_STEPS = 9;
const MOST_STEPS = 2048;
/** Longer arrays have room for this many steps. A series that is kept keeps the others that came with it. */
const STEPS_PER_CUT = 8192;

let kinds = new ArrayBuffer(0);
let kindsUsed = 0;
let values = new ArrayBuffer(0);
let valuesUsed = 0;

export function newKinds(steps: number): Uint8Array {
  if (steps < FEWEST_STEPS || steps > MOST_STEPS) return new Uint8Array(steps);
  if (kindsUsed + steps > kinds.byteLength) {
    kinds = new ArrayBuffer(STEPS_PER_CUT);
    kindsUsed = 0;
  }
  const part = new Uint8Array(kinds, kindsUsed, steps);
  kindsUsed += steps;
  return part;
}

export function newValues(steps: number): Float64Array {
  if (steps < FEWEST_STEPS || steps > MOST_STEPS) return new Float64Array(steps);
  const bytes = steps * Float64Array.BYTES_PER_ELEMENT;
  if (valuesUsed + bytes > values.byteLength) {
    values = new ArrayBuffer(STEPS_PER_CUT * Float64Array.BYTES_PER_ELEMENT);
    valuesUsed = 0;
  }
  const part = new Float64Array(values, valuesUsed, steps);
  valuesUsed += bytes;
  return part;
}
