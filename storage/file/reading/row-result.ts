// What was found of one series: its samples, of every kind that is asked for, in the order in which they were read.
import type { FamilyDescriptor } from '../../../lib/model/family.js';
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
  /** One per kind. */
  readonly columns: readonly Float64Array[];
}

export class RowResult implements RowKey {
  readonly signature: string;
  readonly descriptor: FamilyDescriptor;
  readonly kinds: readonly SampleKind[];
  readonly labels: RowKey['labels'];
  /** Which batch the series belongs to, by its place among all that were found. */
  readonly unit: number;
  count = 0;
  isDropped = false;
  readonly #stride: number;
  /** For each sample its time stamp, then one value per kind. */
  #numbers = new Float64Array(0);

  constructor({ signature, descriptor, kinds, labels }: RowKey, unit: number) {
    this.signature = signature;
    this.descriptor = descriptor;
    this.kinds = kinds;
    this.labels = labels;
    this.unit = unit;
    this.#stride = kinds.length + 1;
  }

  /** How many numbers it keeps room for. */
  get room(): number {
    return this.#numbers.length;
  }

  /** Takes the samples of one snapshot from the series' row, which begins at `from`. */
  append(timestampMs: number, numbers: Float64Array, from: number): void {
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
      } else target[at++] = numbers[from + column] as number;
    }
    this.count++;
  }

  drop(): void {
    this.isDropped = true;
    this.#numbers = new Float64Array(0);
  }

  /** What was found, in the order in which it is answered. */
  samples(): RowSamples {
    const columns = Array.from({ length: this.#stride }, (_, c) => this.#column(c));
    const [timestampsMs, ...values] = columns as [Float64Array, ...Float64Array[]];
    const order = orderOf(timestampsMs);
    if (order === undefined) return { timestampsMs, columns: values };
    return { timestampsMs: picked(timestampsMs, order), columns: values.map((column) => picked(column, order)) };
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
