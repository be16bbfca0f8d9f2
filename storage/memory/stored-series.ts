// A label set that the storage knows, whatever its samples come from, and what it is found by. The name of the metric is
// not in it: series stand in one table per metric.

/** Sorted label names that many series share, one object per combination within a table. */
export interface LabelNames {
  readonly names: readonly string[];
  /** Where hashing the values of a series begins. */
  readonly seed: number;
  /** How many series of the table have these names. */
  seriesCount: number;
  /** Let go by the table with the last such series: whoever asks it for these names again gets another object. */
  isRetired: boolean;
}

/** Later than any removal. A small integer, because V8 would give each series an object of its own for Infinity. */
export const NEVER = 0x3fffffff;

export class StoredSeries {
  readonly labels: LabelNames;
  /** None is empty: an empty label is a missing one. */
  readonly values: readonly string[];
  readonly hash: number;
  /** The next series in the table that has the same hash. */
  next: StoredSeries | undefined;
  /** When the series was removed, counted in removals; `NEVER` until then. Readers that came before still see it. */
  goneAt = NEVER;

  constructor(labels: LabelNames, values: readonly string[], hash: number) {
    this.labels = labels;
    this.values = values;
    this.hash = hash;
  }

  has(labels: LabelNames, values: readonly string[]): boolean {
    if (this.labels !== labels) return false;
    for (let v = 0; v < values.length; v++) if (this.values[v] !== values[v]) return false;
    return true;
  }

  /** What one label is, '' when the series has no such label. */
  valueOf(name: string): string {
    const at = this.labels.names.indexOf(name);
    return at < 0 ? '' : (this.values[at] as string);
  }

  get bytes(): number {
    return StoredSeries.bytesFor(this.values);
  }

  /** Object, arrays and table entries as V8 lays them out; the texts counted as if no other series shared them. */
  static bytesFor(values: readonly string[]): number {
    let bytes = 190;
    for (const value of values) bytes += 8 + value.length;
    return bytes;
  }
}

/** Only this much of either end of a value is hashed: values can be 10 MB long. */
const HASHED_CHARACTERS = 64;

export function hashOf(seed: number, values: readonly string[]): number {
  let hash = seed;
  for (const value of values) {
    const { length } = value;
    const head = Math.min(length, HASHED_CHARACTERS);
    for (let at = 0; at < head; at++) hash = Math.imul(hash ^ value.charCodeAt(at), 0x01000193);
    for (let at = Math.max(head, length - HASHED_CHARACTERS); at < length; at++) {
      hash = Math.imul(hash ^ value.charCodeAt(at), 0x01000193);
    }
    hash = Math.imul(hash ^ length, 0x01000193);
  }
  // Maps keep small integers, of 31 bits, without allocating.
  return (hash ^ (hash >>> 15)) & 0x3fffffff;
}
