// Windows of histograms made by hand: increases over resets, sums and means, and what is said where they do not fit together.
import { Annotations } from '../../../lib/query/evaluation/annotations.js';
import type { FloatHistogram } from '../../../lib/query/histograms/float-histogram.js';
import type { NotePlace } from '../../../lib/query/histograms/histogram-notes.js';
import {
  histogramDelta,
  histogramIncrease,
  histogramMean,
  histogramSum,
  isResetAt,
  lastDelta,
  lastIncrease,
} from '../../../lib/query/histograms/histogram-windows.js';
import { RangeWindow } from '../../../lib/query/values/range-window.js';
import { bucketsIn, customHistogram, histogram } from './histogram.js';

const NOT_A_COUNTER = 'PromQL warning: this native histogram metric is not a counter: "m" (1:1)';
const NOT_A_GAUGE = 'PromQL warning: this native histogram metric is not a gauge: "m" (1:1)';
const MIXED =
  'PromQL warning: vector contains a mix of histograms with exponential and custom buckets schemas for metric name "m" (1:1)';
const BOUNDS = 'PromQL warning: vector contains histograms with incompatible custom buckets for metric name "m" (1:1)';

function windowOf(...histograms: FloatHistogram[]): RangeWindow {
  const timestampsMs = Float64Array.from(histograms, (_, i) => 1000 * i);
  const values = new Float64Array(histograms.length);
  const window = new RangeWindow({ labels: {}, timestampsMs, values, histograms });
  window.to = histograms.length;
  return window;
}

function newPlace(): NotePlace {
  return { annotations: new Annotations('m'), position: { start: 0, end: 1 }, metricName: 'm' };
}

function warningsOf({ annotations }: NotePlace): readonly string[] {
  return annotations.notes().warnings;
}

const gauge = { resetHint: 'gauge' } as const;

describe('histogramIncrease', () => {
  it('is what the last one has more than the first, as a gauge', () => {
    const place = newPlace();
    const increase = histogramIncrease(windowOf(histogram({ 1: 1 }), histogram({ 1: 2, 3: 4 }, { sum: 8 })), place);
    expect(increase).toMatchObject({ count: 5, sum: 8, resetHint: 'gauge' });
    expect(bucketsIn(increase?.positive ?? histogram({}).positive)).toEqual({ 1: 1, 3: 4 });
    expect(warningsOf(place)).toEqual([]);
  });

  it('adds what had been counted before each reset', () => {
    const window = windowOf(
      histogram({ 1: 5 }),
      histogram({ 1: 7 }),
      histogram({ 1: 2 }),
      histogram({ 1: 3 }),
      histogram({ 2: 1 }),
    );
    expect(histogramIncrease(window, newPlace())).toMatchObject({ count: 7 - 5 + 3 + 1 });
  });

  it('leaves out the first where there is a reset right after it, its bounds included', () => {
    const place = newPlace();
    const window = windowOf(
      histogram({ 1: 5 }),
      customHistogram([1, 2], { 0: 3 }),
      customHistogram([1, 2], { 0: 3, 1: 1 }),
    );
    expect(histogramIncrease(window, place)).toMatchObject({ schema: -53, count: 4 });
    expect(warningsOf(place)).toEqual([]);
  });

  it('is at the lowest resolution of the window', () => {
    const window = windowOf(
      histogram({ 1: 1 }, { schema: 2 }),
      histogram({ 1: 2 }, { schema: 0 }),
      histogram({ 5: 3 }, { schema: 2 }),
    );
    // The second is no reset, the third is one: finer buckets come with a new start only.
    const increase = histogramIncrease(window, newPlace()) as FloatHistogram;
    expect(increase).toMatchObject({ schema: 0, count: 3 - 1 + 2 });
    expect(bucketsIn(increase.positive)).toEqual({ 1: 1, 2: 3 });
  });

  it('has a zero bucket that cuts no bucket at that resolution', () => {
    const before = { schema: -1, zeroThreshold: 0.5 };
    const window = windowOf(histogram({ 1: 1 }, before), histogram({ 1: 2 }, before), histogram({ 0: 3, 1: 2 }));
    const increase = histogramIncrease(window, newPlace()) as FloatHistogram;
    // The bucket from 0.5 to 1 is part of one from 0.25 to 1, which goes to the zero bucket.
    expect(increase).toMatchObject({ schema: -1, zeroThreshold: 1, zeroCount: 3, count: 6 });
    expect(bucketsIn(increase.positive)).toEqual({ 1: 3 });
  });

  it.each([
    [
      'one in the middle has custom bounds',
      MIXED,
      [histogram({ 1: 1 }), customHistogram([1], { 0: 9 }), histogram({ 1: 99 })],
    ],
    [
      'bounds change',
      BOUNDS,
      [customHistogram([1], { 0: 1 }), customHistogram([1], { 0: 2 }), customHistogram([2], { 0: 3 })],
    ],
  ])('answers nothing and warns where %s', (_, warning, histograms) => {
    // A first one alike in front, so that no reset follows right after the first.
    const place = newPlace();
    const first = histograms[0] as FloatHistogram;
    expect(histogramIncrease(windowOf(first, ...histograms), place)).toBeUndefined();
    expect(warningsOf(place)).toEqual([warning]);
  });

  it('warns of a gauge, wherever in the window it is', () => {
    const place = newPlace();
    const increase = histogramIncrease(
      windowOf(histogram({ 1: 1 }), histogram({ 1: 1 }, gauge), histogram({ 1: 4 })),
      place,
    );
    expect(increase).toMatchObject({ count: 3 });
    expect(warningsOf(place)).toEqual([NOT_A_COUNTER]);
  });

  it('looks at the window only', () => {
    const window = windowOf(histogram({ 1: 9 }), histogram({ 1: 1 }), histogram({ 1: 4 }), histogram({ 1: 2 }));
    [window.from, window.to] = [1, 3];
    expect(histogramIncrease(window, newPlace())).toMatchObject({ count: 3 });
  });
});

describe('histogramDelta', () => {
  it('takes no drop for a reset', () => {
    const place = newPlace();
    const window = windowOf(histogram({ 1: 5 }, gauge), histogram({ 1: 1 }, gauge), histogram({ 1: 2 }, gauge));
    expect(histogramDelta(window, place)).toMatchObject({ count: -3, resetHint: 'gauge' });
    expect(warningsOf(place)).toEqual([]);
  });

  it('has a zero bucket that cuts no bucket at the lower of two resolutions', () => {
    const first = histogram({ 1: 1 }, { schema: -1, zeroThreshold: 0.5, ...gauge });
    const delta = histogramDelta(windowOf(first, histogram({ 0: 3, 1: 2 }, gauge)), newPlace()) as FloatHistogram;
    expect(delta).toMatchObject({ schema: -1, zeroThreshold: 1, zeroCount: 3, count: 4 });
    expect(bucketsIn(delta.positive)).toEqual({ 1: 1 });
  });

  it('warns where either end is no gauge', () => {
    const place = newPlace();
    expect(histogramDelta(windowOf(histogram({ 1: 5 }, gauge), histogram({ 1: 6 })), place)).toMatchObject({
      count: 1,
    });
    expect(warningsOf(place)).toEqual([NOT_A_GAUGE]);
  });

  it('answers nothing and warns where the ends do not fit', () => {
    const place = newPlace();
    expect(histogramDelta(windowOf(histogram({}, gauge), customHistogram([1], {}, gauge)), place)).toBeUndefined();
    expect(warningsOf(place)).toEqual([MIXED]);
  });
});

describe('lastIncrease', () => {
  it('is the difference, or after a reset the last one', () => {
    expect(lastIncrease([histogram({ 1: 2 }), histogram({ 1: 5 })], newPlace())).toMatchObject({ count: 3, ...gauge });
    expect(lastIncrease([histogram({ 1: 7 }), histogram({ 1: 5 })], newPlace())).toMatchObject({ count: 5, ...gauge });
  });

  it('warns of gauges', () => {
    const place = newPlace();
    lastIncrease([histogram({ 1: 2 }), histogram({ 1: 5 }, gauge)], place);
    expect(warningsOf(place)).toEqual([NOT_A_COUNTER]);
  });
});

describe('lastDelta', () => {
  it('is the difference also where it falls, and warns of what is no gauge', () => {
    const place = newPlace();
    expect(lastDelta([histogram({ 1: 7 }), histogram({ 1: 5 })], place)).toMatchObject({ count: -2, ...gauge });
    expect(warningsOf(place)).toEqual([NOT_A_GAUGE]);
  });
});

describe('histogramSum', () => {
  it('adds all of the window', () => {
    const window = windowOf(histogram({ 1: 1 }), histogram({ 1: 2 }), histogram({ 2: 4 }));
    const sum = histogramSum(window, newPlace()) as FloatHistogram;
    expect([sum.count, bucketsIn(sum.positive)]).toEqual([7, { 1: 3, 2: 4 }]);
  });

  it('answers nothing and warns where they do not fit', () => {
    const place = newPlace();
    expect(histogramSum(windowOf(customHistogram([1], {}), customHistogram([2], {})), place)).toBeUndefined();
    expect(warningsOf(place)).toEqual([BOUNDS]);
  });
});

describe('histogramMean', () => {
  it('is the mean of all of the window', () => {
    const window = windowOf(histogram({ 1: 1 }), histogram({ 1: 3 }), histogram({ 1: 8, 2: 6 }));
    const mean = histogramMean(window, newPlace()) as FloatHistogram;
    const buckets = bucketsIn(mean.positive);
    expect([mean.count, buckets[1], buckets[2]].map((n) => Number(n).toFixed(9))).toEqual([
      '6.000000000',
      '4.000000000',
      '2.000000000',
    ]);
  });
});

describe('isResetAt', () => {
  it('is asked of any place in a series, in any order', () => {
    const { series } = windowOf(histogram({ 1: 1 }), histogram({ 1: 2 }), histogram({ 1: 1 }), histogram({ 1: 1 }));
    expect([3, 2, 1, 2].map((at) => isResetAt(series, at))).toEqual([false, true, false, true]);
  });
});
