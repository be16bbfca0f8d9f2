// What was found of one series: its samples, of every kind that is asked for, in the order in which they were read.
import { type FamilyDescriptor, rowWidth } from '../../../lib/model/family.js';
import type { NativeHistogram } from '../../../lib/model/native-histogram.js';
import { CountRoom, type NativeState } from '../../../lib/model/native-state.js';
import { orderOf, picked } from '../../../lib/model/sample-order.js';
import type { SampleKind } from '../../../lib/model/samples.js';

const FIRST_CAPACITY = 8;

/** A series as it is found: its labels, sorted by name and none of them empty, and the samples that are asked for. */
export interface RowKey {
  /** The same for all series whose samples are named alike. */
  readonly signature: string;
  readonly descriptor: FamilyDescriptor;
  readonly kinds: readonly SampleKind[];
  readonly labels: readonly (readonly [name: string, value: string])[];
}

/** The samples of all kinds of a series: they share their time stamps. */
export interface RowSamples {
  readonly timestampsMs: Float64Array;
  /** One per kind; NaN for that of histograms. */
  readonly columns: readonly Float64Array[];
  /** One per time stamp where histograms are asked for, undefined where the series had none. */
  readonly histograms?: readonly (NativeHistogram | undefined)[];
}

/** Where the numbers of a series begin, and its native histogram. */
export interface RowAt {
  readonly numbers: Float64Array;
  readonly from: number;
  readonly histogram: NativeState | undefined;
}

/** What a histogram takes besides its buckets, in numbers. */
const HISTOGRAM_NUMBERS = 25;

export class RowResult implements RowKey {
  readonly signature: string;
  readonly descriptor: FamilyDescriptor;
  readonly kinds: readonly SampleKind[];
  readonly labels: RowKey['labels'];
  /** Which batch the series belongs to, by its place among all that were found. */
  readonly unit: number;
  count = 0;
  /** Whether some of its samples had times of their own: then nothing says when it ended. */
  isTimed = false;
  isDropped = false;
  readonly #stride: number;
  /** For each sample its time stamp, then one value per kind. */
  #numbers = new Float64Array(0);
  /** Undefined where none are asked for. */
  #histograms: (NativeHistogram | undefined)[] | undefined;
  #histogramNumbers = 0;
  readonly #countRoom = new CountRoom();

  constructor({ signature, descriptor, kinds, labels }: RowKey, unit: number) {
    this.signature = signature;
    this.descriptor = descriptor;
    this.kinds = kinds;
    this.labels = labels;
    this.unit = unit;
    this.#stride = kinds.length + 1;
    this.#histograms = kinds.some(({ isHistogram }) => isHistogram) ? [] : undefined;
  }

  /** How many numbers it keeps room for. */
  get room(): number {
    return this.#numbers.length + this.#histogramNumbers;
  }

  /** Takes samples with a time of their own, unless they were there in the snapshot before. */
  appendLater(timestampMs: number, row: RowAt): void {
    this.isTimed = true;
    const last = this.count === 0 ? -Infinity : (this.#numbers[(this.count - 1) * this.#stride] as number);
    if (timestampMs > last) this.append(timestampMs, row);
  }

  /** Takes the samples of one snapshot from the series' row. */
  append(timestampMs: number, { numbers, from, histogram }: RowAt): void {
    let at = this.count * this.#stride;
    if (at === this.#numbers.length) this.#grow();
    const target = this.#numbers;
    target[at++] = timestampMs;
    let sum = 0;
    let summed = 0;
    const { kinds } = this;
    for (let k = 0; k < kinds.length; k++) {
      const { column, cumulative } = kinds[k] as SampleKind;
      if (cumulative) {
        // Cumulative kinds come in the order of their columns, so that one running sum serves them all.
        while (summed <= column) sum += numbers[from + summed++] as number;
        target[at++] = sum;
      } else target[at++] = column < 0 ? NaN : (numbers[from + column] as number);
    }
    this.count++;
    if (this.#histograms !== undefined) this.#appendHistogram(this.#histograms, { numbers, from, histogram });
  }

  #appendHistogram(target: (NativeHistogram | undefined)[], { numbers, from, histogram }: RowAt): void {
    if (histogram?.isThere !== true) {
      target.push(undefined);
      return;
    }
    const sumAt = from + rowWidth(this.descriptor) - 1;
    let count = 0;
    for (let at = from; at < sumAt; at++) count += numbers[at] as number;
    const copy = histogram.copy({ count, sum: numbers[sumAt] as number }, this.#countRoom);
    const last = target.at(-1);
    target.push(copy);
    this.#histogramNumbers += HISTOGRAM_NUMBERS;
    if (copy.positive !== last?.positive) this.#histogramNumbers += copy.positive.counts.length;
    if (copy.negative !== last?.negative) this.#histogramNumbers += copy.negative.counts.length;
  }

  drop(): void {
    this.isDropped = true;
    this.#numbers = new Float64Array(0);
    this.#histograms = undefined;
    this.#histogramNumbers = 0;
  }

  /** What was found, in the order in which it is answered. */
  samples(): RowSamples {
    const columns = Array.from({ length: this.#stride }, (_, c) => this.#column(c));
    const [timestampsMs, ...values] = columns as [Float64Array, ...Float64Array[]];
    const order = orderOf(timestampsMs);
    const histograms = this.#histograms;
    if (order === undefined) return { timestampsMs, columns: values, ...(histograms && { histograms }) };
    return {
      timestampsMs: picked(timestampsMs, order),
      columns: values.map((column) => picked(column, order)),
      ...(histograms && { histograms: order.map((at) => histograms[at]) }),
    };
  }

  #column(c: number): Float64Array {
    const column = new Float64Array(this.count);
    for (let i = 0, at = c; i < column.length; i++, at += this.#stride) column[i] = this.#numbers[at] as number;
    return column;
  }

  #grow(): void {
    const wider = new Float64Array(Math.max(FIRST_CAPACITY * this.#stride, this.#numbers.length * 2));
    wider.set(this.#numbers);
    this.#numbers = wider;
  }
}
