// Families made by hand for the tests of storages: what an instrument would hand out, label sets shared between
// snapshots included, with everything under the test's control.
import {
  type FamilyDescriptor,
  type MetricFamily,
  rowWidth,
  type SeriesBlock,
  type Snapshot,
} from '../../../lib/model/family.js';
import { nativeColumnsOf } from '../../../lib/model/native-columns.js';
import type { NativeHistogram } from '../../../lib/model/native-histogram.js';

type Labels = Readonly<Record<string, string>>;
interface GrowingDictionary {
  readonly name: string;
  readonly values: string[];
  readonly ids: Map<string, number>;
}

/** A family whose series are in blocks of a few rows. Removed series leave gaps, which later ones take. */
export class TestFamily {
  readonly descriptor: FamilyDescriptor;
  readonly #width: number;
  readonly #constantLabels: readonly (readonly [string, string])[];
  readonly #dictionaries: readonly GrowingDictionary[];
  readonly #blocks: TestBlock[] = [];
  /** By the ids of the labels. */
  readonly #places = new Map<string, Place>();
  readonly #gaps: Place[] = [];
  readonly #blockRows: number;

  constructor(
    descriptor: FamilyDescriptor,
    labelNames: readonly string[] = [],
    { constantLabels = [], blockRows = 8 }: { constantLabels?: [string, string][]; blockRows?: number } = {},
  ) {
    this.descriptor = descriptor;
    this.#width = rowWidth(descriptor);
    this.#constantLabels = constantLabels;
    this.#dictionaries = labelNames.map((name) => ({ name, values: [], ids: new Map() }));
    this.#blockRows = blockRows;
  }

  /** Gives a series its numbers; starts it if need be. A label that is not given is empty. */
  set(labels: Labels, ...numbers: number[]): this {
    const ids = this.#idsOf(labels);
    const { block, row } = this.#places.get(ids.join()) ?? this.#place(ids);
    block.values.set(numbers, row * this.#width);
    return this;
  }

  /** Gives a series of native histograms its buckets; their count and sum have to be those of its row. */
  setNative(labels: Labels, histogram: NativeHistogram): this {
    this.set(labels, histogram.count, histogram.sum);
    const place = this.#places.get(this.#idsOf(labels).join()) as Place;
    place.block.histograms[place.row] = histogram;
    return this;
  }

  remove(labels: Labels): this {
    const key = this.#idsOf(labels).join();
    const place = this.#places.get(key);
    if (place !== undefined) {
      place.block.live[place.row] = 0;
      this.#gaps.push(place);
      this.#places.delete(key);
    }
    return this;
  }

  /** The family as it is now. Numbers are copied, label sets are shared. */
  family(): MetricFamily {
    const isNative = this.descriptor.type === 'histogram' && this.descriptor.native === true;
    const blocks = this.#blocks.map((block): SeriesBlock => {
      block.shared = true;
      return {
        size: block.size,
        live: block.live.subarray(0, block.size).includes(0) ? block.live.slice(0, block.size) : undefined,
        dictionaries: this.#dictionaries,
        labelIds: block.labelIds,
        constantLabels: this.#constantLabels,
        width: this.#width,
        values: block.values.slice(0, block.size * this.#width),
        createdMs: new Float64Array(block.size),
        ...(isNative ? { native: nativeColumnsOf(block.histograms.slice(0, block.size)) } : {}),
      };
    });
    return { descriptor: this.descriptor, observedNegative: false, blocks: () => blocks };
  }

  #idsOf(labels: Labels): number[] {
    return this.#dictionaries.map(({ name, values, ids }) => {
      const value = Object.hasOwn(labels, name) ? (labels[name] as string) : '';
      let id = ids.get(value);
      if (id === undefined) {
        id = values.push(value) - 1;
        ids.set(value, id);
      }
      return id;
    });
  }

  #place(ids: readonly number[]): Place {
    const free = this.#gaps.shift();
    if (free !== undefined) {
      // The same array always means the same label sets: a place that is used again needs another one.
      if (free.block.shared) free.block.labelIds = free.block.labelIds.slice();
      return this.#start(free, ids);
    }
    let block = this.#blocks.at(-1);
    if (block === undefined || block.size === block.live.length) {
      block = new TestBlock(this.#blockRows, this.#width, ids.length);
      this.#blocks.push(block);
    }
    return this.#start({ block, row: block.size++ }, ids);
  }

  #start(place: Place, ids: readonly number[]): Place {
    place.block.live[place.row] = 1;
    place.block.labelIds.set(ids, place.row * ids.length);
    this.#places.set(ids.join(), place);
    return place;
  }
}

interface Place {
  readonly block: TestBlock;
  readonly row: number;
}

class TestBlock {
  size = 0;
  shared = false;
  labelIds: Int32Array;
  readonly live: Uint8Array;
  readonly values: Float64Array;
  readonly histograms: (NativeHistogram | undefined)[];

  constructor(rows: number, width: number, arity: number) {
    this.labelIds = new Int32Array(rows * arity);
    this.live = new Uint8Array(rows);
    this.values = new Float64Array(rows * width);
    this.histograms = new Array(rows).fill(undefined);
  }
}

/** A counter, gauge, info or unknown. */
export function plain(name: string, type: 'counter' | 'gauge' | 'info' | 'unknown' = 'counter'): FamilyDescriptor {
  return { name, type, description: `About ${name}`, unit: '' };
}

export function histogram(name: string, upperBounds: readonly number[]): FamilyDescriptor {
  return { name, type: 'histogram', description: '', unit: '', upperBounds };
}

/** Without bounds: its row is the count and the sum. */
export function nativeHistogram(name: string): FamilyDescriptor {
  return { name, type: 'histogram', description: '', unit: '', upperBounds: [], native: true };
}

export function snapshotOf(timestampMs: number, ...families: readonly TestFamily[]): Snapshot {
  return { timestampMs, families: families.map((family) => family.family()) };
}
