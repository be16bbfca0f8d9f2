// What a summary remembers of one series: its totals, and the observations of the last while, in logarithmic buckets, in a ring of
// slices of which the oldest is emptied when time or number moves on.
import { highWord } from './buckets.js';
import type { CoarseClock } from './coarse-clock.js';

/** With 4 slices, one of them filling, the window spans 0.86 to 1.14 of its nominal age, and 0.75 to 1 of its number. */
const SLICES = 4;
/** Buckets per power of two. A bucket is at most 1/128 wide, its middle at most 1/256 = 0.4 % off. */
const PER_OCTAVE = 128;
/** Leaves sign, exponent and seven leading digits of a double's high word. */
const BUCKET_SHIFT = 13;
const OCTAVES = 4096;
const SUM = 0;
const MIN = 1;
const MAX = 2;

/** Gives octaves (sign and exponent) small numbers in the order in which a family first sees them. Shared by its windows. */
export class Octaves {
  /** Octave → number + 1; 0 for an octave not seen. */
  readonly numbers = new Uint16Array(OCTAVES);
  /** Octaves in the order of their numbers. */
  readonly seen: number[] = [];
  /** Numbers of the octaves, in the order of the values in them. */
  ascending: readonly number[] = [];

  add(octave: number): number {
    this.seen.push(octave);
    this.numbers[octave] = this.seen.length;
    const lowest = (number: number) => lowerEdge(this.seen[number] as number, 0);
    this.ascending = this.seen.map((_, number) => number).sort((a, b) => lowest(a) - lowest(b));
    return this.seen.length;
  }
}

interface Slice {
  counts: Uint32Array;
  count: number;
  /** Sum, minimum and maximum: in an array, because numbers in fields are boxed. */
  readonly figures: Float64Array;
}

export interface WindowOptions {
  readonly maxAgeSeconds: number;
  readonly maxSamples: number;
  readonly clock: CoarseClock;
  readonly octaves: Octaves;
}

/** What a window holds at one moment. */
export interface WindowStatistics {
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  readonly quantiles: Float64Array;
}

export class SlidingWindow {
  // Hot fields are private to the compiler only.
  private readonly clock: CoarseClock;
  private readonly octaves: Octaves;
  readonly #sliceSeconds: number;
  private readonly sliceSamples: number;
  readonly #slices: Slice[] = [];
  private current: Slice;
  #currentIndex = 0;
  /** How many slices have ended. */
  #turns = 0;
  /** When the current slice ends, in monotonic seconds. */
  readonly #ends = new Float64Array(1);
  /** Sum and count of all observations ever: kept apart, because numbers put together anew may fall by a rounding. */
  private readonly totals = new Float64Array(2);

  constructor({ maxAgeSeconds, maxSamples, clock, octaves }: WindowOptions) {
    this.clock = clock;
    this.octaves = octaves;
    this.#sliceSeconds = maxAgeSeconds / (SLICES - 0.5);
    this.sliceSamples = Math.max(1, Math.floor(maxSamples / SLICES));
    this.current = this.#sliceAt(0);
    this.#ends[0] = clock.refresh() + this.#sliceSeconds;
  }

  /** Cost: 4 ns; the first observations of a new order of magnitude allocate. */
  observe(value: number): void {
    if (this.clock.expired) this.#moveOn(this.clock.refresh());
    let slice = this.current;
    if (slice.count >= this.sliceSamples) slice = this.#nextSlice(this.clock.time);
    const word = highWord(value) >>> BUCKET_SHIFT;
    const octave = word >>> 7;
    let number = this.octaves.numbers[octave] as number;
    if (number === 0) number = this.octaves.add(octave);
    const index = (number - 1) * PER_OCTAVE + (word & (PER_OCTAVE - 1));
    if (index >= slice.counts.length) this.#extend(slice, number);
    (slice.counts[index] as number)++;
    slice.count++;
    const figures = slice.figures;
    (figures[SUM] as number) += value;
    const totals = this.totals;
    (totals[0] as number) += value;
    (totals[1] as number) += 1;
    if (value < (figures[MIN] as number)) figures[MIN] = value;
    if (value > (figures[MAX] as number)) figures[MAX] = value;
  }

  /** Adds observations of an earlier process to the totals; the window is of this one. */
  addTotals(sum: number, count: number): void {
    (this.totals[0] as number) += sum;
    (this.totals[1] as number) += count;
  }

  /** The sum of all observations ever. */
  get totalSum(): number {
    return this.totals[0] as number;
  }

  /** The number of all observations ever. */
  get totalCount(): number {
    return this.totals[1] as number;
  }

  /** Another number once the window holds something else, or the totals are others. */
  get version(): number {
    this.#moveOn(this.clock.refresh());
    return this.totalCount + this.#turns;
  }

  /** Reads the figures of the window and these quantiles (ascending or not). Cost: a pass over the buckets in use. */
  read(quantiles: readonly number[]): WindowStatistics {
    this.#moveOn(this.clock.refresh());
    let count = 0;
    let sum = 0;
    let min = Number.POSITIVE_INFINITY;
    let max = Number.NEGATIVE_INFINITY;
    for (const slice of this.#slices) {
      count += slice.count;
      sum += slice.figures[SUM] as number;
      min = Math.min(min, slice.figures[MIN] as number);
      max = Math.max(max, slice.figures[MAX] as number);
    }
    const values = new Float64Array(quantiles.length).fill(Number.NaN);
    if (count === 0) return { count, sum, min: Number.NaN, max: Number.NaN, quantiles: values };
    this.#quantiles(quantiles, count, values);
    for (let i = 0; i < values.length; i++) values[i] = Math.min(max, Math.max(min, values[i] as number));
    return { count, sum, min, max, quantiles: values };
  }

  /** Adds what the window holds, bucket by bucket from the lowest value up, to lists. Cost: as of `read`. */
  sketchInto(keys: number[], counts: number[]): { readonly min: number; readonly max: number } {
    const { min, max } = this.read([]);
    const slices = this.#slices.filter((slice) => slice.count > 0).map((slice) => slice.counts);
    for (const number of slices.length === 0 ? [] : this.octaves.ascending) {
      const octave = this.octaves.seen[number] as number;
      const negative = octave >= OCTAVES / 2;
      for (let step = 0; step < PER_OCTAVE; step++) {
        const bucket = negative ? PER_OCTAVE - 1 - step : step;
        let count = 0;
        for (const slice of slices) count += slice[number * PER_OCTAVE + bucket] ?? 0;
        if (count === 0) continue;
        keys.push(keyOf(octave, bucket));
        counts.push(count);
      }
    }
    return { min, max };
  }

  /** One pass from the lowest bucket up, over the quantiles in ascending order. */
  #quantiles(quantiles: readonly number[], count: number, into: Float64Array): void {
    const order = quantiles.map((_, i) => i).sort((a, b) => (quantiles[a] as number) - (quantiles[b] as number));
    const ranks = order.map((i) => Math.min(count, Math.max(1, Math.ceil((quantiles[i] as number) * count))));
    const slices = this.#slices.filter((slice) => slice.count > 0).map((slice) => slice.counts);
    let next = 0;
    let seen = 0;
    for (const number of this.octaves.ascending) {
      const octave = this.octaves.seen[number] as number;
      const negative = octave >= OCTAVES / 2;
      for (let step = 0; step < PER_OCTAVE; step++) {
        const bucket = negative ? PER_OCTAVE - 1 - step : step;
        const index = number * PER_OCTAVE + bucket;
        for (let s = 0; s < slices.length; s++) seen += ((slices[s] as Uint32Array)[index] as number) | 0;
        while (next < ranks.length && seen >= (ranks[next] as number)) {
          into[order[next] as number] = middle(octave, bucket);
          next++;
        }
        if (next === ranks.length) return;
      }
    }
  }

  /** Ends slices whose time is over. */
  #moveOn(now: number): void {
    const late = now - (this.#ends[0] as number);
    if (late < 0) return;
    const slices = Math.min(SLICES, 1 + Math.floor(late / this.#sliceSeconds));
    for (let i = 0; i < slices; i++) this.#nextSlice(now);
    // A pause of whole slices keeps the rhythm, so that ages stay within the promised bounds.
    this.#ends[0] = now + this.#sliceSeconds - (late % this.#sliceSeconds);
  }

  #nextSlice(now: number): Slice {
    this.#currentIndex = (this.#currentIndex + 1) % SLICES;
    this.#turns++;
    const slice = this.#sliceAt(this.#currentIndex);
    slice.counts.fill(0);
    slice.count = 0;
    slice.figures[SUM] = 0;
    slice.figures[MIN] = Number.POSITIVE_INFINITY;
    slice.figures[MAX] = Number.NEGATIVE_INFINITY;
    this.current = slice;
    this.#ends[0] = now + this.#sliceSeconds;
    return slice;
  }

  /** Slices come into being when they are needed: a series that is seldom observed has one. */
  #sliceAt(index: number): Slice {
    let slice = this.#slices[index];
    if (slice === undefined) {
      const figures = Float64Array.of(0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);
      slice = { counts: new Uint32Array(0), count: 0, figures };
      this.#slices[index] = slice;
    }
    return slice;
  }

  #extend(slice: Slice, octaves: number): void {
    const counts = new Uint32Array(octaves * PER_OCTAVE);
    counts.set(slice.counts);
    slice.counts = counts;
  }
}

const bits = new DataView(new ArrayBuffer(8));

/** The edge of a bucket that is nearer to zero. */
function lowerEdge(octave: number, bucket: number): number {
  bits.setUint32(0, ((octave << 7) | bucket) << BUCKET_SHIFT);
  bits.setUint32(4, 0);
  return bits.getFloat64(0);
}

/** A whole number that ascends with the values in a bucket, negative for negative ones: what windows of several processes share. */
function keyOf(octave: number, bucket: number): number {
  const magnitude = ((octave & (OCTAVES / 2 - 1)) << 7) | bucket;
  return octave >= OCTAVES / 2 ? -1 - magnitude : magnitude;
}

/** The middle of the bucket with this key. */
export function middleOf(key: number): number {
  const magnitude = key < 0 ? -1 - key : key;
  return middle((magnitude >> 7) | (key < 0 ? OCTAVES / 2 : 0), magnitude & (PER_OCTAVE - 1));
}

/** The keys that there are. */
export const LEAST_KEY = -(OCTAVES / 2) * PER_OCTAVE;
export const MOST_KEY = (OCTAVES / 2) * PER_OCTAVE - 1;

function middle(octave: number, bucket: number): number {
  const edge = lowerEdge(octave, bucket);
  // Zeros share their bucket with the smallest numbers there are, and are what is in it.
  if (edge === 0) return edge;
  // The width of a bucket is the same within its octave; subnormal numbers share one octave from zero on.
  return edge + (lowerEdge(octave, 1) - lowerEdge(octave, 0)) / 2;
}
