// Families with what only protobuf shows of them all: native histograms, exemplars, and times of any kind.
import fc from 'fast-check';
import type { Exemplar } from '../../../lib/model/exemplar.js';
import type { MetricFamily, SeriesBlock } from '../../../lib/model/family.js';
import type { NativeBuckets } from '../../../lib/model/native-histogram.js';
import { familyOf } from '../../support/families.js';
import { anyFamilies } from '../any-families.js';
import { anyText } from '../any-text.js';

const anyMs = fc.oneof(
  fc.constantFrom(0, -1, 999, 1e12, 1e12 + 1, 1e12 + 268, 1e12 + 269, Number.NaN, Number.POSITIVE_INFINITY, 1e300),
  fc.integer({ min: 1_500_000_000_000, max: 1_800_000_000_000 }),
  fc.integer({ min: -8.64e15, max: 8.64e15 }),
  fc.double({ min: 0, max: 2e12, noNaN: true }),
);

const anyExemplar = fc.record({
  labels: fc.dictionary(fc.stringMatching(/^[a-z]{1,9}$/), anyText(8), { maxKeys: 2 }),
  value: fc.double(),
  timestampMs: anyMs,
});

/** Families of every type, native histograms among them, most series with details. */
export function anyDetailedFamilies(): fc.Arbitrary<MetricFamily[]> {
  const details = fc.record({
    createdMs: anyList(anyMs),
    timestampsMs: fc.option(anyList(fc.oneof(fc.integer({ min: -1e12, max: 2e12 }), fc.constant(Number.NaN)))),
    exemplars: fc.option(anyList(fc.array(anyExemplar, { maxLength: 3 }))),
  });
  return fc
    .tuple(anyFamilies(), fc.array(anyNative, { maxLength: 2 }), details)
    .map(([families, natives, given]) =>
      [...families, ...natives.map((make, i) => make(`n${i}`))].map((family) => detailed(family, given)),
    );
}

interface Details {
  readonly createdMs: readonly number[];
  readonly timestampsMs: readonly number[] | null;
  readonly exemplars: readonly (readonly Omit<Exemplar, 'column'>[])[] | null;
}

/** A few of them, to be taken in turn. */
function anyList<T>(one: fc.Arbitrary<T>): fc.Arbitrary<T[]> {
  return fc.array(one, { minLength: 1, maxLength: 7 });
}

function detailed(family: MetricFamily, { createdMs, timestampsMs, exemplars }: Details): MetricFamily {
  const turn = <T>(list: readonly T[], row: number): T => list[row % list.length]!;
  const blocks = [...family.blocks()].map((block): SeriesBlock => {
    const rows = Array.from({ length: block.size }, (_, row) => row);
    return {
      ...block,
      createdMs: Float64Array.from(rows, (row) => turn(createdMs, row)),
      ...(timestampsMs && { timestampsMs: Float64Array.from(rows, (row) => turn(timestampsMs, row)) }),
      ...(exemplars && { exemplars: new Map(rows.map((row) => [row, inColumns(block, turn(exemplars, row))])) }),
    };
  });
  return { ...family, blocks: () => blocks };
}

/** Exemplars of the first columns, the third one beside the second. */
function inColumns({ width }: SeriesBlock, exemplars: readonly Omit<Exemplar, 'column'>[]): Exemplar[] {
  const last = Math.max(0, width - 2);
  return exemplars.map((exemplar, i) => ({ ...exemplar, column: Math.min(i === 2 ? 1 : i, last) }));
}

type Maker = (name: string) => MetricFamily;

const wholeCount = fc.oneof(fc.nat(20), fc.nat(), fc.integer({ min: 0, max: 2 ** 40 }));
const anyCount = fc.boolean().map((whole) => (whole ? wholeCount : fc.double({ min: 0, max: 1e6, noNaN: true })));

function buckets(count: fc.Arbitrary<number>): fc.Arbitrary<NativeBuckets> {
  const index = fc.oneof(fc.integer({ min: -4, max: 4 }), fc.integer({ min: -300_000, max: 300_000 }));
  return fc
    .uniqueArray(fc.tuple(index, count), { maxLength: 9, selector: ([one]) => one })
    .map((pairs) => pairs.sort(([a], [b]) => a - b))
    .map((pairs) => ({
      indexes: Int32Array.from(pairs, ([one]) => one),
      counts: Float64Array.from(pairs, ([, counted]) => counted),
    }));
}

const anyNative: fc.Arbitrary<Maker> = anyCount.chain((count) => {
  const native = fc.record({
    schema: fc.integer({ min: -4, max: 8 }),
    zeroThreshold: fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }),
    zeroCount: count,
    positive: buckets(count),
    negative: buckets(count),
  });
  const bounds = fc.constantFrom([], [-1, 0.5, 7]);
  const series = fc.record({ native, counts: fc.array(count, { minLength: 4, maxLength: 4 }), sum: fc.double() });
  return fc.tuple(bounds, fc.array(series, { maxLength: 4 })).map(([upperBounds, all]) => (name) => {
    const rows = all.map(({ counts, sum, ...one }, i) => {
      return { ...one, labels: { i: String(i) }, row: [...counts.slice(0, upperBounds.length + 1), sum] };
    });
    return familyOf({ type: 'histogram', native: true, name, upperBounds }, { series: rows, blockSize: 3 });
  });
});
