// From a value to the index of its native bucket, exactly as Prometheus' bounds say and without a logarithm: from the bits
// of the double and a small table.
import { octaveBounds } from '../../model/octave-bounds.js';

/**
 * The value that is being counted. It is handed on in memory, because a double that is an argument of a function which the
 * engine does not inline costs 16 bytes a call. Whoever sets it calls nothing that may record before it is used.
 */
export const observed = new Float64Array(1);
const words = new Int32Array(observed.buffer);
/** Which half of a double holds its sign, exponent and leading digits. */
const HIGH = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 1 : 0;
const LOW = 1 - HIGH;

const MANTISSA_BITS = 20;
const MANTISSA = (1 << MANTISSA_BITS) - 1;
const BIAS = 1023;
/** Makes signed comparisons of unsigned words right. */
const SIGN = 1 << 31;
/** The exponent that infinities have, and the one of zero and the subnormal numbers. */
const BEYOND = 0x7ff;
const SUBNORMAL = 0;
const BELOW_ALL = -(2 ** 19);

/**
 * The bounds within one power of two, by the words of their doubles, and a table that leads there: its cells are half as
 * wide as the narrowest bucket, so that at most one bound lies in a cell.
 */
export class NativeIndex {
  /** 0 to 8. Indexes of coarser schemas are those of schema 0, joined. */
  readonly schema: number;
  // Hot fields are private to the compiler only.
  private readonly cells: Uint16Array;
  private readonly cellShift: number;
  private readonly highs: Int32Array;
  private readonly lows: Int32Array;

  constructor(schema: number) {
    this.schema = schema;
    const bounds = octaveBounds(schema);
    this.highs = new Int32Array(bounds.length + 1);
    this.lows = new Int32Array(bounds.length + 1);
    bounds.forEach((bound, k) => {
      observed[0] = bound;
      this.highs[k] = (words[HIGH] as number) & MANTISSA;
      this.lows[k] = (words[LOW] as number) ^ SIGN;
    });
    // Above all mantissas: what lies behind the last bound is in the bucket that ends with the octave.
    this.highs[bounds.length] = MANTISSA + 1;
    this.cellShift = MANTISSA_BITS - (schema + 1);
    this.cells = Uint16Array.from({ length: 2 << schema }, (_, cell) => {
      const first = this.highs.findIndex((high) => high >> this.cellShift >= cell);
      return first;
    });
  }

  /** The index of the bucket of a magnitude: the first whose upper bound is not below it. Leaves `observed` as it is. */
  find(magnitude: number): number {
    const before = observed[0] as number;
    observed[0] = magnitude;
    const index = this.findObserved();
    observed[0] = before;
    return index;
  }

  /**
   * The same of `observed`, on either side of zero. Infinity is in a bucket of its own behind all others; zero and NaN, which
   * are in none, give an index below all. Cost: 3 ns, no allocation.
   */
  findObserved(): number {
    const word = words[HIGH] as number;
    const exponent = (word >>> MANTISSA_BITS) & BEYOND;
    if (exponent === SUBNORMAL || exponent === BEYOND) return this.#findUnusual();
    const high = word & MANTISSA;
    let bound = this.cells[high >> this.cellShift] as number;
    const above = (this.highs[bound] as number) - high;
    // Without a branch, because nobody could foretell it: one more where the value is above the bound.
    bound += above >>> 31;
    if (above === 0 && ((words[LOW] as number) ^ SIGN) > (this.lows[bound] as number)) bound++;
    return ((exponent - BIAS) << this.schema) + bound;
  }

  #findUnusual(): number {
    const magnitude = Math.abs(observed[0] as number);
    if (!(magnitude > 0)) return BELOW_ALL;
    if (magnitude === Number.POSITIVE_INFINITY) return this.find(Number.MAX_VALUE) + 1;
    // Made normal, exactly: 64 octaves up, and down again.
    return this.find(magnitude * 2 ** 64) - (64 << this.schema);
  }
}

const known: NativeIndex[] = [];

/** Shared by all histograms of a resolution. */
export function nativeIndex(schema: number): NativeIndex {
  const fine = Math.max(0, schema);
  const index = known[fine] ?? new NativeIndex(fine);
  known[fine] = index;
  return index;
}
