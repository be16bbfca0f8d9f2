// Series that come to have the same labels.

import { firstSharedStep, mergedSeries, SeriesMerger } from '../../../lib/query/values/series-merger.js';
import { ABSENT, HISTOGRAM, NUMBER, SeriesBuilder, type StepSeries } from '../../../lib/query/values/step-series.js';
import { histogram } from '../histograms/histogram.js';

function series(labels: Record<string, string>, numbers: readonly (number | undefined)[]): StepSeries {
  const builder = new SeriesBuilder(numbers.length);
  for (const [step, number] of numbers.entries()) if (number !== undefined) builder.setNumber(step, number);
  return builder.withLabels(labels);
}

describe('firstSharedStep', () => {
  it('finds the first step at which both have a sample', () => {
    expect(firstSharedStep(Uint8Array.of(ABSENT, NUMBER, NUMBER), Uint8Array.of(NUMBER, ABSENT, HISTOGRAM))).toBe(2);
  });

  it('finds none where they take turns', () => {
    expect(firstSharedStep(Uint8Array.of(ABSENT, NUMBER), Uint8Array.of(NUMBER, ABSENT))).toBe(-1);
  });
});

describe('mergedSeries', () => {
  it('has the samples of both, and those of the first where both have one', () => {
    const first = series({ a: '1' }, [1, undefined, 3, undefined]);
    const merged = mergedSeries(first, series({ a: '1' }, [undefined, 20, 30, undefined]));
    expect([...merged.kinds]).toEqual([NUMBER, NUMBER, NUMBER, ABSENT]);
    expect([...merged.values.subarray(0, 3)]).toEqual([1, 20, 3]);
    expect(merged.labels).toBe(first.labels);
  });

  it('leaves both as they are', () => {
    const [first, second] = [series({}, [1, undefined]), series({}, [undefined, 2])];
    mergedSeries(first, second);
    expect([[...first.kinds], [...second.kinds]]).toEqual([
      [NUMBER, ABSENT],
      [ABSENT, NUMBER],
    ]);
  });

  it('has the histograms of either', () => {
    const builder = new SeriesBuilder(2);
    builder.setHistogram(1, histogram({ 1: 1 }));
    const withHistogram = builder.withLabels({});
    for (const merged of [
      mergedSeries(series({}, [1, undefined]), withHistogram),
      mergedSeries(withHistogram, series({}, [1, undefined])),
    ]) {
      expect([...merged.kinds]).toEqual([NUMBER, HISTOGRAM]);
      expect(merged.values[0]).toBe(1);
      expect(merged.histograms?.[1]).toEqual(histogram({ 1: 1 }));
    }
  });
});

describe('SeriesMerger', () => {
  it('keeps every set of labels once, in the order in which they came', () => {
    const merger = new SeriesMerger();
    expect(merger.add(series({ a: '1' }, [1, undefined]))).toBe(-1);
    expect(merger.add(series({ a: '2' }, [2, 2]))).toBe(-1);
    expect(merger.add(series({ a: '1' }, [undefined, 1]))).toBe(-1);
    expect([...merger.values()].map(({ labels, values }) => [labels, [...values]])).toEqual([
      [{ a: '1' }, [1, 1]],
      [{ a: '2' }, [2, 2]],
    ]);
  });

  it('answers the step at which labels come twice', () => {
    const merger = new SeriesMerger();
    merger.add(series({ a: '1' }, [undefined, 1, 1]));
    expect(merger.add(series({ a: '1' }, [1, undefined, 1]))).toBe(2);
  });

  it('knows which labels it has', () => {
    const merger = new SeriesMerger();
    merger.add(series({ a: '1', b: '2' }, [1]));
    expect(merger.has({ b: '2', a: '1' })).toBe(true);
    expect(merger.has({ a: '1' })).toBe(false);
  });
});
