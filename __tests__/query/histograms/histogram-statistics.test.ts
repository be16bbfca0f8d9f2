// What is read out of one native histogram, with the notes on NaN. Expected values are worked out by hand from the bounds.
import { Annotations } from '../../../lib/query/evaluation/annotations.js';
import type { NotePlace } from '../../../lib/query/histograms/histogram-notes.js';
import {
  histogramFraction,
  histogramQuantile,
  histogramVariance,
} from '../../../lib/query/histograms/histogram-statistics.js';
import { customHistogram, histogram } from './histogram.js';

function newPlace(): NotePlace {
  return { annotations: new Annotations('m'), position: { start: 0, end: 1 }, metricName: 'm' };
}

describe('histogramQuantile', () => {
  it('is linear between custom bounds, from 0 in the first bucket and never above the last bound', () => {
    const custom = customHistogram([2, 4], { 0: 4, 1: 4, 2: 2 });
    expect(histogramQuantile(0.2, custom, newPlace())).toBe(1);
    expect(histogramQuantile(0.6, custom, newPlace())).toBe(3);
    expect(histogramQuantile(0.95, custom, newPlace())).toBe(4);
    expect(histogramQuantile(0.5, customHistogram([-2, 4], { 0: 4, 1: 1 }), newPlace())).toBe(-2);
  });

  it('tells of NaN where it is the answer', () => {
    const place = newPlace();
    expect(histogramQuantile(0.9, histogram({ 1: 1 }, { count: 2, sum: Number.NaN }), place)).toBeNaN();
    expect(place.annotations.notes().infos).toEqual([
      'PromQL info: input to histogram_quantile has NaN observations, result is NaN for metric name "m" (1:1)',
    ]);
  });

  it('tells of NaN where it moves the answer', () => {
    const place = newPlace();
    expect(histogramQuantile(0.25, histogram({ 1: 1 }, { count: 2, sum: Number.NaN }), place)).toBeCloseTo(
      2 ** 0.5,
      12,
    );
    expect(place.annotations.notes().infos).toEqual([
      'PromQL info: input to histogram_quantile has NaN observations, result is skewed higher for metric name "m" (1:1)',
    ]);
  });

  it('has nothing to tell of a sum of infinities', () => {
    const place = newPlace();
    histogramQuantile(0.5, histogram({ 1: 1, 1025: 1 }, { negative: { 1025: 1 }, sum: Number.NaN }), place);
    expect(place.annotations.notes().infos).toEqual([]);
  });
});

describe('histogramFraction', () => {
  const fractionOf = (given: ReturnType<typeof histogram>, lower: number, upper: number) =>
    histogramFraction({ lower, upper }, given, newPlace());

  it('is exponential within buckets on either side, and linear within the zero bucket', () => {
    const some = histogram({ 1: 2, 2: 2 }, { negative: { 2: 2 }, zeroCount: 2, zeroThreshold: 0.5 });
    expect(fractionOf(some, -Infinity, 2 ** 1.5)).toBeCloseTo(7 / 8, 12);
    expect(fractionOf(some, -(2 ** 1.5), Infinity)).toBeCloseTo(7 / 8, 12);
    expect(fractionOf(some, 0, 0.25)).toBeCloseTo(0.5 / 8, 12);
    expect(fractionOf(some, -0.25, 1)).toBeCloseTo(1.5 / 8, 12);
  });

  it('has the zero bucket on the side of the other buckets', () => {
    expect(fractionOf(histogram({ 1: 2 }, { zeroCount: 2, zeroThreshold: 0.5 }), -1, 0.25)).toBe(0.25);
    expect(fractionOf(histogram({}, { negative: { 1: 2 }, zeroCount: 2, zeroThreshold: 0.5 }), -0.25, 1)).toBe(0.25);
  });

  it('is linear between custom bounds', () => {
    expect(fractionOf(customHistogram([2, 4], { 0: 4, 1: 4, 2: 2 }), 1, 3)).toBe(0.4);
  });

  it('is 0 of nothing, and NaN where there is no answer', () => {
    expect(fractionOf(histogram({ 1: 1 }), 3, 3)).toBe(0);
    expect(fractionOf(histogram({}), 0, 3)).toBeNaN();
    expect(fractionOf(histogram({ 1: 1 }), Number.NaN, 3)).toBeNaN();
  });

  it('has NaN in no fraction, and tells it', () => {
    const place = newPlace();
    const withNaN = histogram({ 1: 3 }, { count: 4, sum: Number.NaN });
    expect(histogramFraction({ lower: -Infinity, upper: Infinity }, withNaN, place)).toBe(0.75);
    expect(place.annotations.notes().infos).toEqual([
      'PromQL info: input to histogram_fraction has NaN observations, which are excluded from all fractions for metric name "m" (1:1)',
    ]);
  });
});

describe('histogramVariance', () => {
  it('takes observations to be in the geometric middle of exponential buckets, and at 0 in the zero bucket', () => {
    // √8 of the bucket from 2 to 4, -√2 of the one from -2 to -1, and 0, around a mean of 1.
    const some = histogram({ 2: 1 }, { negative: { 1: 1 }, zeroCount: 1, zeroThreshold: 0.5, sum: 3 });
    const expected = ((2 * Math.SQRT2 - 1) ** 2 + (Math.SQRT2 + 1) ** 2 + 1) / 3;
    expect(histogramVariance(some)).toBeCloseTo(expected, 12);
  });

  it('takes them to be in the arithmetic middle between custom bounds', () => {
    expect(histogramVariance(customHistogram([0, 2, 6], { 1: 1, 2: 1 }, { sum: 5 }))).toBe((1.5 ** 2 + 1.5 ** 2) / 2);
  });
});
