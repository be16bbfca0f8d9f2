// What a histogram promises: bounds are inclusive, buckets cumulative, quantiles interpolated as PromQL does.
import fc from 'fast-check';
import { exponentialBuckets, linearBuckets, MetricDefinitionError } from 'telltale';
import { BucketSearch } from '../../lib/instruments/buckets.js';
import { bucketQuantile } from '../../lib/instruments/quantile.js';
import { setUp } from './setup.js';

describe('Histogram', () => {
  describe('observe', () => {
    it('counts into the first bucket whose bound is at least the value', async () => {
      const { metrics, lines } = setUp();
      const latency = metrics.histogram('latency_seconds', { buckets: [0.1, 0.5, 1] });
      for (const value of [0.1, 0.3, 0.5, 1, 1.0001, 50]) latency.observe(value);
      expect(await lines()).toEqual([
        'latency_seconds_bucket{le="0.1"} 1',
        'latency_seconds_bucket{le="0.5"} 3',
        'latency_seconds_bucket{le="1"} 4',
        'latency_seconds_bucket{le="+Inf"} 6',
        'latency_seconds_sum 52.9001',
        'latency_seconds_count 6',
      ]);
    });

    it('is there at zero from the start, and again after clear', async () => {
      const { metrics, lines } = setUp();
      const latency = metrics.histogram('latency_seconds', { buckets: [1] });
      const zero = [
        'latency_seconds_bucket{le="1"} 0',
        'latency_seconds_bucket{le="+Inf"} 0',
        'latency_seconds_sum 0',
        'latency_seconds_count 0',
      ];
      expect(await lines()).toEqual(zero);
      latency.observe(0.5);
      latency.clear();
      expect(await lines()).toEqual(zero);
      latency.observe(0.5);
      expect((await lines())[0]).toBe('latency_seconds_bucket{le="1"} 1');
    });

    it.each([
      [Number.NaN, 'not_a_number'],
      [Number.POSITIVE_INFINITY, 'infinite'],
      [Number.NEGATIVE_INFINITY, 'infinite'],
      ['0.5', 'not_a_number'],
      [[1], 'not_a_number'],
    ])('changes nothing for %p', async (value, reason) => {
      const { metrics, dropped, lines } = setUp();
      const latency = metrics.histogram('latency_seconds', { buckets: [1] });
      latency.observe(0.5);
      const before = await lines();
      latency.observe(value as number);
      expect(await lines()).toEqual(before);
      expect(dropped(reason)).toBe(1);
    });

    it('puts negative values into the first bucket, and shows no sum in OpenMetrics from then on', async () => {
      const { metrics, lines } = setUp();
      const change = metrics.histogram('change', { buckets: [-1, 0, 1] });
      change.observe(-0.5);
      change.observe(-7);
      expect(await lines()).toContain('change_sum -7.5');
      const open = await lines('openmetrics');
      expect(open).toContain('change_bucket{le="-1.0"} 1');
      expect(open).toContain('change_bucket{le="0.0"} 2');
      expect(open.some((line) => line.startsWith('change_sum'))).toBe(false);
    });

    it('finds the same bucket as a linear search, for any bounds and values', () => {
      const number = fc.double({ noNaN: true, noDefaultInfinity: true });
      const bounds = fc.uniqueArray(fc.oneof(number, fc.integer({ min: -50, max: 50 })), {
        maxLength: 40,
        comparator: 'SameValueZero',
      });
      fc.assert(
        fc.property(
          bounds,
          fc.array(fc.oneof(number, fc.integer({ min: -60, max: 60 })), { minLength: 1 }),
          (unsorted, values) => {
            const sorted = unsorted.map((bound) => bound + 0).sort((a, b) => a - b);
            const search = new BucketSearch(sorted);
            for (const value of [...values, ...sorted]) {
              const expected = sorted.findIndex((bound) => value <= bound);
              expect(search.find(value)).toBe(expected === -1 ? sorted.length : expected);
            }
          },
        ),
        { numRuns: 500 },
      );
    });

    it('always exposes cumulative buckets that end in the count', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.double({ noNaN: true, min: -10, max: 20 })), async (values) => {
          const { metrics } = setUp();
          const histogram = metrics.histogram('h');
          for (const value of values) histogram.observe(value);
          const samples = (await metrics.getAllMetrics()).filter(({ name }) => name.startsWith('h_'));
          const buckets = samples.filter(({ name }) => name === 'h_bucket').map(({ value }) => value);
          expect(buckets).toEqual(buckets.toSorted((a, b) => a - b));
          expect(buckets.at(-1)).toBe(values.length);
          expect(samples.find(({ name }) => name === 'h_count')?.value).toBe(values.length);
        }),
        { numRuns: 50 },
      );
    });
  });

  describe('getQuantile', () => {
    it('interpolates linearly within the bucket', () => {
      const { metrics } = setUp();
      const latency = metrics.histogram('latency_seconds', { buckets: [1, 2, 4] });
      for (let i = 0; i < 10; i++) latency.observe(1.5);
      for (let i = 0; i < 10; i++) latency.observe(3);
      expect(latency.getQuantile(0.25)).toBeCloseTo(1.5, 12);
      expect(latency.getQuantile(0.5)).toBeCloseTo(2, 12);
      expect(latency.getQuantile(0.75)).toBeCloseTo(3, 12);
      expect(latency.getQuantile(1)).toBe(4);
    });

    it('answers the edges as histogram_quantile does', () => {
      expect(bucketQuantile(0.5, [1, 2], [0, 0, 0])).toBeNaN();
      expect(bucketQuantile(0.5, [], [5])).toBeNaN();
      expect(bucketQuantile(Number.NaN, [1], [5, 0])).toBeNaN();
      expect(bucketQuantile(-0.1, [1], [5, 0])).toBe(Number.NEGATIVE_INFINITY);
      expect(bucketQuantile(1.1, [1], [5, 0])).toBe(Number.POSITIVE_INFINITY);
      expect(bucketQuantile(0.99, [1, 2], [1, 1, 8])).toBe(2);
      expect(bucketQuantile(0.1, [-2, 1], [5, 5, 0])).toBe(-2);
      expect(bucketQuantile(0.5, [1], [4, 0])).toBe(0.5);
    });

    it('is NaN for a series that does not exist', () => {
      const { metrics } = setUp();
      expect(metrics.histogram('h', { labelNames: ['a'] }).getQuantile(0.5, { a: 'x' })).toBeNaN();
    });
  });

  describe('timers', () => {
    it('observe the seconds between start and stop under the labels of both', async () => {
      const { metrics, clock, lines } = setUp();
      const latency = metrics.histogram('latency_seconds', { buckets: [1], labelNames: ['route', 'status'] });
      const stop = latency.startTimer({ route: '/' });
      clock.advance(0.75);
      expect(stop({ status: 200 })).toBe(0.75);
      expect(await lines()).toContain('latency_seconds_sum{route="/",status="200"} 0.75');
    });

    it('measure a call, a rejected promise and a throw, and hand on what came', async () => {
      const { metrics, clock } = setUp();
      const latency = metrics.histogram('latency_seconds', { labelNames: [] });
      const later = async <T>(give: () => T): Promise<T> => {
        await Promise.resolve();
        clock.advance(2);
        return give();
      };
      const fail = (): never => {
        throw new Error('no');
      };
      expect(latency.time(() => 'value')).toBe('value');
      expect(() => latency.time(fail)).toThrow('no');
      await expect(latency.time(() => later(() => 'later'))).resolves.toBe('later');
      await expect(latency.time(() => later(fail))).rejects.toThrow('no');
      const samples = await metrics.getAllMetrics();
      expect(samples.find(({ name }) => name === 'latency_seconds_count')?.value).toBe(4);
      expect(samples.find(({ name }) => name === 'latency_seconds_sum')?.value).toBe(4);
    });
  });
});

describe('bucket helpers', () => {
  it('make linear and exponential bounds', () => {
    expect(linearBuckets(-5, 5, 4)).toEqual([-5, 0, 5, 10]);
    expect(exponentialBuckets(0.5, 2, 4)).toEqual([0.5, 1, 2, 4]);
  });

  it.each([
    () => linearBuckets(0, 0, 3),
    () => linearBuckets(0, -1, 3),
    () => linearBuckets(0, 1, 0),
    () => linearBuckets(Number.NaN, 1, 3),
    () => linearBuckets(0, 1, 2.5),
    () => linearBuckets(0, 1, 1e9),
    () => exponentialBuckets(0, 2, 3),
    () => exponentialBuckets(1, 1, 3),
    () => exponentialBuckets(1, 10, 400),
  ])('refuse what makes no layout: %p', (make) => {
    expect(make).toThrow(MetricDefinitionError);
  });
});
