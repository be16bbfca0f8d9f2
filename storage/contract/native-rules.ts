// What storages promise of native histograms: all of them the samples of a classic one, those that keep more and can be asked
// the histogram itself. One that cannot skips the second rule and says why.
import assert from 'node:assert/strict';
import type { Snapshot } from '../../lib/model/family.js';
import type { NativeHistogram } from '../../lib/model/native-histogram.js';
import type { MetricsStorage, Queryable } from '../../lib/model/storage.js';
import { expectSamples, seriesOf } from './checks.js';
import type { Rule } from './contract-subject.js';
import { nativeHistogramOf, snapshotOf } from './snapshots.js';

export const nativeRules: Readonly<Record<string, Rule>> = {
  'shows native histograms as classic ones': async ({ storage, read }, startMs) => {
    const answer = await storage.write(nativeAt(startMs, 1));
    if (answer.isErr()) assert.fail(`The snapshot was not stored: ${JSON.stringify(answer.error)}`);
    // Two series: the samples of a classic histogram, and the native one where the storage keeps it.
    assert.ok([6, 8].includes(answer.value), `${answer.value} samples were stored`);
    const { a, b } = nativeHistogramsAt(1);
    await expectSamples(
      read,
      'contract_native_bucket',
      [{ id: 'a', le: '+Inf' }, a.count],
      [{ id: 'b', le: '+Inf' }, 0],
    );
    await expectSamples(read, 'contract_native_sum', [{ id: 'a' }, a.sum], [{ id: 'b' }, b.sum]);
    await expectSamples(read, 'contract_native_count', [{ id: 'a' }, a.count], [{ id: 'b' }, b.count]);
  },

  'answers native histograms as they were written, where it can be asked': async ({ storage }, startMs) => {
    assert.ok('select' in storage, 'there is no select: skip this rule and say why');
    for (const n of [1, 2, 3]) {
      const answer = await storage.write(nativeAt(startMs + n * 1000, n));
      assert.equal(answer.isOk() && answer.value, 8, 'native histograms are not kept: skip this rule and say why');
    }
    const series = await seriesOf(storage as MetricsStorage & Queryable, 'contract_native', {
      startMs: startMs + 2000,
      endMs: startMs + 3000,
    });
    assert.deepEqual(series.map(({ labels }) => labels.id).sort(), ['a', 'b']);
    for (const { labels, timestampsMs, values, histograms } of series) {
      assert.equal(labels.__name__, 'contract_native');
      assert.deepEqual([...timestampsMs], [startMs + 2000, startMs + 3000]);
      assert.ok(values.every(Number.isNaN), 'a histogram is no number');
      const expected = [2, 3].map((n) => nativeHistogramsAt(n)[labels.id as 'a' | 'b']);
      assert.deepEqual(histograms?.map(plainOf), expected.map(plainOf));
    }
  },
};

const nativeAt = (timestampMs: number, n: number): Snapshot =>
  snapshotOf(timestampMs, [nativeHistogramOf('contract_native', nativeHistogramsAt(n))]);

/** One that goes on and gets buckets, and one in which nothing was ever observed. */
function nativeHistogramsAt(n: number): { readonly a: NativeHistogram; readonly b: NativeHistogram } {
  const buckets = (...counts: (readonly [index: number, count: number])[]) => ({
    indexes: Int32Array.from(counts, ([index]) => index),
    counts: Float64Array.from(counts, ([, count]) => count),
  });
  const settings = { schema: 3, zeroThreshold: 2 ** -128 };
  const positive = n < 3 ? buckets([-4, n], [7, 2]) : buckets([-4, n], [7, 2], [8, 1]);
  const count = positive.counts.reduce((sum, one) => sum + one, 5);
  return {
    a: { ...settings, zeroCount: 1, count, sum: n / 4, positive, negative: buckets([2, 4]) },
    b: { ...settings, zeroCount: 0, count: 0, sum: 0, positive: buckets(), negative: buckets() },
  };
}

/** Arrays as lists: those of another realm, as test runners have them, are never deeply equal. */
function plainOf(histogram: NativeHistogram | undefined): unknown {
  if (histogram === undefined) return undefined;
  const { positive, negative, ...rest } = histogram;
  const lists = [positive, negative].map(({ indexes, counts }) => [[...indexes], [...counts]]);
  return JSON.stringify([Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1)), lists]);
}
