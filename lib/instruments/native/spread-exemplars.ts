// The exemplars of a native histogram without fixed bounds: a few per series, spread over its values on a logarithmic scale
// as its buckets are. Which one has to go for a new one is client_golang's rule.
import type { Exemplar } from '../../model/exemplar.js';
import { isOlder, type Observation, type SeriesExemplars } from '../series-exemplars.js';

/** Values whose ratio is below 2 count as alike when automatic exemplars take turns. */
const ALIKE = Math.LN2;

export interface SpreadLimits {
  readonly maxExemplars: number;
  readonly exemplarTtlSeconds: number;
}

export class SpreadExemplars implements SeriesExemplars {
  readonly #most: number;
  readonly #ttlMs: number;
  /** By ascending value. */
  readonly #kept: Exemplar[] = [];

  constructor({ maxExemplars, exemplarTtlSeconds }: SpreadLimits) {
    this.#most = maxExemplars;
    this.#ttlMs = exemplarTtlSeconds * 1000;
  }

  isDue({ value, timestampMs }: Observation, intervalMs: number): boolean {
    return this.#kept.every((kept) => distance(kept.value, value) >= ALIKE || isOlder(kept, timestampMs, intervalMs));
  }

  add(exemplar: Exemplar): void {
    if (this.#most === 0) return;
    if (this.#kept.length >= this.#most) this.#kept.splice(this.#outdated(exemplar) ?? this.#crowded(exemplar), 1);
    this.#kept.splice(this.#placeOf(exemplar), 0, exemplar);
  }

  list(): readonly Exemplar[] {
    return this.#kept.toSorted((a, b) => a.timestampMs - b.timestampMs);
  }

  /** The oldest, if its time is over. */
  #outdated({ timestampMs }: Exemplar): number | undefined {
    let oldest = 0;
    this.#kept.forEach((kept, i) => {
      if (kept.timestampMs < (this.#kept[oldest] as Exemplar).timestampMs) oldest = i;
    });
    return timestampMs - (this.#kept[oldest] as Exemplar).timestampMs > this.#ttlMs ? oldest : undefined;
  }

  /** The older of the two that are closest to each other, the new one counted in. */
  #crowded({ value }: Exemplar): number {
    const kept = this.#kept;
    let closest = Number.POSITIVE_INFINITY;
    let crowded = 0;
    const consider = (gap: number, index: number) => {
      if (gap >= closest) return;
      closest = gap;
      crowded = index;
    };
    for (let i = 1; i < kept.length; i++) {
      const [below, above] = [kept[i - 1] as Exemplar, kept[i] as Exemplar];
      consider(distance(below.value, above.value), above.timestampMs < below.timestampMs ? i : i - 1);
    }
    const place = this.#placeOf({ value });
    for (const neighbour of [place - 1, place]) {
      const other = kept[neighbour];
      if (other !== undefined) consider(distance(other.value, value), neighbour);
    }
    return crowded;
  }

  /** Where a value belongs, before those that are equal. */
  #placeOf({ value }: Pick<Exemplar, 'value'>): number {
    const place = this.#kept.findIndex((kept) => value <= kept.value);
    return place === -1 ? this.#kept.length : place;
  }
}

/** On a logarithmic scale; zero and the other sign are infinitely far. */
function distance(a: number, b: number): number {
  if (a === b) return 0;
  if (Math.sign(a) !== Math.sign(b)) return Number.POSITIVE_INFINITY;
  return Math.abs(Math.log(Math.abs(a)) - Math.log(Math.abs(b)));
}
