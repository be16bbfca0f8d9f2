// Makes metric families from plain data, for the tests of readers: encoders and storages see nothing but this interface, so
// that no instrument has to stand behind it.
import type { Exemplar } from '../../lib/model/exemplar.js';
import {
  type FamilyDescriptor,
  type LabelDictionary,
  type MetricFamily,
  rowWidth,
  type SeriesBlock,
} from '../../lib/model/family.js';
import type {
  NativeBucketColumns,
  NativeBuckets,
  NativeColumns,
  NativeHistogram,
} from '../../lib/model/native-histogram.js';

/** One series. Its label names decide its block: series follow each other in blocks as they are given. */
export interface PlainSeries {
  readonly labels?: Readonly<Record<string, string>>;
  /** A row as `FamilyDescriptor` says, or the only number of it. */
  readonly row: number | readonly number[];
  /** Milliseconds; 2023-11-14T22:13:20.123Z where nothing is said. */
  readonly createdMs?: number;
  /** What a native histogram has besides its row; every series of its family has it. */
  readonly native?: Omit<NativeHistogram, 'count' | 'sum'>;
  /** By ascending column and time. */
  readonly exemplars?: readonly Exemplar[];
  /** Of the value, where it has one. */
  readonly timestampMs?: number;
  /** A gap that a removed series left. */
  readonly removed?: boolean;
}

type Descriptor = FamilyDescriptor extends infer D
  ? D extends FamilyDescriptor
    ? Omit<D, 'description' | 'unit'> & Partial<Pick<D, 'description' | 'unit'>>
    : never
  : never;

export interface PlainFamily {
  readonly series: readonly PlainSeries[];
  readonly constantLabels?: SeriesBlock['constantLabels'];
  readonly observedNegative?: boolean;
  /** Series per block at most. */
  readonly blockSize?: number;
}

export const CREATED_MS = 1_700_000_000_123;

/**
 * A family that always shows the same.
 *
 * @example
 * familyOf({ type: 'counter', name: 'orders_total' }, { series: [{ labels: { shop: 'a' }, row: 3 }] })
 */
export function familyOf(descriptor: Descriptor, plain: PlainFamily): MetricFamily {
  const complete = { description: '', unit: '', ...descriptor } as FamilyDescriptor;
  const dictionaries = new Map<string, Dictionary>();
  const blocks = runsOf(plain).map((run) => blockOf(complete, run, { dictionaries, plain }));
  return { descriptor: complete, observedNegative: plain.observedNegative ?? false, blocks: () => blocks };
}

class Dictionary implements LabelDictionary {
  readonly name: string;
  readonly values: string[] = [];
  readonly #ids = new Map<string, number>();

  constructor(name: string) {
    this.name = name;
  }

  idOf(value: string): number {
    const id = this.#ids.get(value) ?? this.values.push(value) - 1;
    this.#ids.set(value, id);
    return id;
  }
}

/** Splits the series where label names change and where a block is full. */
function runsOf({ series, blockSize = 1024 }: PlainFamily): PlainSeries[][] {
  const runs: PlainSeries[][] = [];
  for (const one of series) {
    const run = runs.at(-1);
    if (run === undefined || run.length === blockSize || namesOf(run[0]!) !== namesOf(one)) runs.push([one]);
    else run.push(one);
  }
  return runs;
}

function namesOf({ labels = {} }: PlainSeries): string {
  return Object.keys(labels).join();
}

interface Context {
  readonly dictionaries: Map<string, Dictionary>;
  readonly plain: PlainFamily;
}

function blockOf(descriptor: FamilyDescriptor, run: readonly PlainSeries[], context: Context): SeriesBlock {
  const columns = Object.keys(run[0]!.labels ?? {}).map((name) => {
    const dictionary = context.dictionaries.get(name) ?? new Dictionary(name);
    context.dictionaries.set(name, dictionary);
    return dictionary;
  });
  return {
    size: run.length,
    live: run.some(({ removed }) => removed) ? Uint8Array.from(run, ({ removed }) => (removed ? 0 : 1)) : undefined,
    dictionaries: columns,
    labelIds: Int32Array.from(run.flatMap(({ labels = {} }) => columns.map((one) => one.idOf(labels[one.name]!)))),
    constantLabels: context.plain.constantLabels ?? [],
    width: rowWidth(descriptor),
    values: Float64Array.from(run.flatMap(({ row }) => row)),
    createdMs: Float64Array.from(run, ({ createdMs = CREATED_MS }) => createdMs),
    ...detailsOf(run),
  };
}

/** What most families have nothing of. */
function detailsOf(run: readonly PlainSeries[]): Pick<SeriesBlock, 'native' | 'exemplars' | 'timestampsMs'> {
  const natives = run.flatMap(({ native }) => native ?? []);
  const exemplars = run.flatMap((one, row) => (one.exemplars === undefined ? [] : [[row, one.exemplars] as const]));
  return {
    ...(natives.length > 0 && { native: nativeColumns(natives) }),
    ...(exemplars.length > 0 && { exemplars: new Map(exemplars) }),
    ...(run.some(({ timestampMs }) => timestampMs !== undefined) && {
      timestampsMs: Float64Array.from(run, ({ timestampMs = Number.NaN }) => timestampMs),
    }),
  };
}

function nativeColumns(natives: readonly Omit<NativeHistogram, 'count' | 'sum'>[]): NativeColumns {
  return {
    schemas: Int8Array.from(natives, ({ schema }) => schema),
    zeroThresholds: Float64Array.from(natives, ({ zeroThreshold }) => zeroThreshold),
    zeroCounts: Float64Array.from(natives, ({ zeroCount }) => zeroCount),
    positive: bucketColumns(natives.map(({ positive }) => positive)),
    negative: bucketColumns(natives.map(({ negative }) => negative)),
  };
}

function bucketColumns(sides: readonly NativeBuckets[]): NativeBucketColumns {
  const starts = new Int32Array(sides.length + 1);
  sides.forEach(({ indexes }, row) => {
    starts[row + 1] = starts[row]! + indexes.length;
  });
  return {
    starts,
    indexes: Int32Array.from(sides.flatMap(({ indexes }) => [...indexes])),
    counts: Float64Array.from(sides.flatMap(({ counts }) => [...counts])),
  };
}
