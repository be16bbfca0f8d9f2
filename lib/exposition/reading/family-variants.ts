// What one name in a text becomes in the model: mostly one family. Series that differ in their bounds, quantiles or states become
// families of their own, side by side, because the model has those once per family.
import type { Exemplar } from '../../model/exemplar.js';
import {
  type FamilyDescriptor,
  type LabelDictionary,
  type MetricFamily,
  type MetricType,
  rowWidth,
  type SeriesBlock,
} from '../../model/family.js';
import { BlockBuilder } from './block-builder.js';
import type { FamilyReader } from './family-reader.js';
import { Fault } from './fault.js';
import { type LooseSample, LooseSeries } from './loose-series.js';
import type { ReadingContext, SampleColumns } from './sample-columns.js';

/** What the samples of these types have behind the name that their family has in OpenMetrics, and the model has it, too. */
const NAME_SUFFIXES: Readonly<Partial<Record<MetricType, string>>> = { counter: '_total', info: '_info' };

/** The series of one layout. */
export interface Variant {
  readonly descriptor: FamilyDescriptor;
  readonly keys: Int32Array;
  readonly hasTotals: boolean;
  observedNegative: boolean;
  readonly blocks: SeriesBlock[];
  readonly builders: Map<number, BlockBuilder>;
}

export class FamilyVariants {
  readonly #reader: FamilyReader;
  readonly #columns: SampleColumns;
  readonly #context: ReadingContext;
  readonly #variants = new Map<string, Variant>();
  #last: Variant | undefined;
  #loose: LooseSeries | undefined;

  constructor(reader: FamilyReader, columns: SampleColumns, context: ReadingContext) {
    this.#reader = reader;
    this.#columns = columns;
    this.#context = context;
  }

  /**
   * The variant of series with the first `count` of these keys. Series whose sum is not there are apart from the others, because
   * whether a family shows sums is said of all of its series.
   *
   * @throws Fault where there would be too many.
   */
  variantFor(keys: Int32Array, count: number, hasTotals: boolean): Variant {
    const last = this.#last;
    if (last !== undefined && last.hasTotals === hasTotals && startsWith(keys, count, last.keys)) return last;
    const text = `${hasTotals} ${keys.subarray(0, count).join()}`;
    const variant = this.#variants.get(text) ?? this.#newVariant(text, keys.slice(0, count), hasTotals);
    this.#last = variant;
    return variant;
  }

  /** Where the rows of series with the label names of this one go. */
  builderFor(variant: Variant, row: number): BlockBuilder {
    const shape = this.#columns.series.shapeOf(row);
    let builder = variant.builders.get(shape);
    if (builder === undefined) {
      const { dictionaries, shapes } = this.#columns.labels;
      const ordered = Array.from(shapes[shape]!, (name): LabelDictionary => dictionaries[name]!);
      builder = new BlockBuilder(ordered, rowWidth(variant.descriptor), variant.blocks);
      variant.builders.set(shape, builder);
    }
    return builder;
  }

  /** Ends a row whose numbers were written. */
  addRow(builder: BlockBuilder, row: number, createdMs: number, exemplars: readonly Exemplar[]): void {
    const { series } = this.#columns;
    builder.add(series.labelIds, series.startOf(row), { createdMs, timestampMs: series.times[row]!, exemplars });
  }

  /** Adds a number of a series that makes up none of the family. */
  addLoose(sample: LooseSample, value: number): void {
    this.#loose ??= new LooseSeries(this.#reader, this.#columns);
    this.#loose.add(sample, value);
  }

  families(): MetricFamily[] {
    for (const { builders } of this.#variants.values()) for (const builder of builders.values()) builder.finish();
    const kept = [...this.#variants.values()].filter(({ blocks }) => blocks.length > 0);
    const families = kept.map(({ descriptor, observedNegative, blocks }): MetricFamily => {
      return { descriptor, observedNegative, blocks: () => blocks };
    });
    return [...families, ...(this.#loose?.families() ?? [])];
  }

  #newVariant(text: string, keys: Int32Array, hasTotals: boolean): Variant {
    const { limits } = this.#context;
    if (this.#variants.size >= limits.maxVariants) {
      const { line } = this.#reader;
      throw new Fault({
        kind: 'exposition_too_large',
        line,
        column: 1,
        limit: 'maxVariants',
        allowed: limits.maxVariants,
      });
    }
    const descriptor = this.#describe(keys);
    const variant = { descriptor, keys, hasTotals, observedNegative: !hasTotals, blocks: [], builders: new Map() };
    this.#variants.set(text, variant);
    return variant;
  }

  #describe(keys: Int32Array): FamilyDescriptor {
    const { type, help = '', unit = '' } = this.#reader;
    const suffix = this.#context.format === 'openmetrics' ? (NAME_SUFFIXES[type] ?? '') : '';
    const base = { name: this.#reader.name + suffix, description: help, unit };
    const { keyNumbers } = this.#columns;
    switch (type) {
      case 'histogram':
      case 'gaugehistogram':
        return { ...base, type, upperBounds: Array.from(keys, (key) => keyNumbers[key]!) };
      case 'summary':
        return { ...base, type, quantiles: Array.from(keys, (key) => keyNumbers[key]!) };
      case 'stateset':
        return { ...base, type, states: Array.from(keys, (key) => this.#columns.keyTexts[key]!) };
      default:
        return { ...base, type };
    }
  }
}

function startsWith(keys: Int32Array, count: number, start: Int32Array): boolean {
  if (count !== start.length) return false;
  for (let i = 0; i < count; i++) if (keys[i] !== start[i]) return false;
  return true;
}
