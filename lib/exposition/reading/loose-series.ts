// Histograms and summaries whose numbers do not belong together, taken apart: each number becomes a series of its own under the name
// of its sample, which is how a Prometheus server keeps all of them. Apart from the variants, because hardly any text needs it.
import type { LabelDictionary, MetricFamily, SeriesBlock } from '../../model/family.js';
import { BlockBuilder } from './block-builder.js';
import type { FamilyReader } from './family-reader.js';
import type { SampleColumns } from './sample-columns.js';

/** Which number of which series it is. */
export interface LooseSample {
  readonly row: number;
  /** Behind the name of the family. */
  readonly suffix: string;
  /** Of a bucket or a quantile: its label as text. */
  readonly key?: string;
}

interface LooseFamily {
  readonly blocks: SeriesBlock[];
  /** By which label names their series have. */
  readonly builders: Map<number, BlockBuilder>;
}

export class LooseSeries {
  readonly #reader: FamilyReader;
  readonly #columns: SampleColumns;
  readonly #families = new Map<string, LooseFamily>();
  readonly #keys: string[] = [];
  readonly #keyIds = new Map<string, number>();
  #ids = new Int32Array(8);

  constructor(reader: FamilyReader, columns: SampleColumns) {
    this.#reader = reader;
    this.#columns = columns;
  }

  add({ row, suffix, key }: LooseSample, value: number): void {
    const { series, labels } = this.#columns;
    const shape = series.shapeOf(row);
    const names = labels.shapes[shape]!;
    const builder = this.#builderFor(suffix, shape, key !== undefined);
    const start = series.startOf(row);
    if (names.length >= this.#ids.length) this.#ids = new Int32Array(2 * names.length);
    this.#ids.set(series.labelIds.subarray(start, start + names.length));
    if (key !== undefined) this.#ids[names.length] = this.#keyId(key);
    builder.values[builder.offset] = value;
    builder.add(this.#ids, 0, { createdMs: Number.NaN, timestampMs: series.times[row]!, exemplars: [] });
  }

  families(): MetricFamily[] {
    const { name, help: description = '' } = this.#reader;
    return Array.from(this.#families, ([suffix, { blocks, builders }]) => {
      for (const builder of builders.values()) builder.finish();
      const descriptor = { name: name + suffix, type: 'unknown', description, unit: '' } as const;
      return { descriptor, observedNegative: false, blocks: () => blocks };
    });
  }

  #builderFor(suffix: string, shape: number, hasKey: boolean): BlockBuilder {
    let family = this.#families.get(suffix);
    if (family === undefined) {
      family = { blocks: [], builders: new Map() };
      this.#families.set(suffix, family);
    }
    let builder = family.builders.get(shape);
    if (builder === undefined) {
      const { dictionaries, shapes } = this.#columns.labels;
      const ordered = Array.from(shapes[shape]!, (name): LabelDictionary => dictionaries[name]!);
      if (hasKey) ordered.push({ name: this.#columns.keyLabel ?? '', values: this.#keys });
      builder = new BlockBuilder(ordered, 1, family.blocks);
      family.builders.set(shape, builder);
    }
    return builder;
  }

  #keyId(key: string): number {
    let id = this.#keyIds.get(key);
    if (id === undefined) {
      id = this.#keys.push(key) - 1;
      this.#keyIds.set(key, id);
    }
    return id;
  }
}
