// What a summary promises: quantiles of a sliding window to 1 %, totals that never fall.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { systemClock } from '../../lib/clock.js';
import { CoarseClock } from '../../lib/instruments/coarse-clock.js';
import { Octaves, SlidingWindow } from '../../lib/instruments/sliding-window.js';
import { setUp } from './setup.js';

const cases = JSON.parse(readFileSync(join(__dirname, '../../../shared/cases/summary_quantiles.json'), 'utf8')) as {
  readonly within: readonly {
    readonly quantiles: readonly { readonly q: number; readonly want: number; readonly tolerance: number }[];
  }[];
  readonly noQuantiles: { readonly observe: readonly number[]; readonly sum: number; readonly count: number };
};

/** The value at the rank that the window answers for, of sorted values. */
const exact = (sorted: readonly number[], q: number) => sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] as number;

describe('Summary', () => {
  it('exposes no quantiles unless asked for', async () => {
    const { metrics, lines } = setUp();
    const { observe, sum, count } = cases.noQuantiles;
    const summary = metrics.summary('s');
    for (const value of observe) summary.observe(value);
    expect(await lines()).toEqual([`s_sum ${sum}`, `s_count ${count}`]);
  });

  it('exposes the quantiles asked for, NaN before the first observation', async () => {
    const { metrics, lines } = setUp();
    const summary = metrics.summary('s', { quantiles: [0.9, 0.5] });
    expect(await lines()).toEqual(['s{quantile="0.5"} NaN', 's{quantile="0.9"} NaN', 's_sum 0', 's_count 0']);
    summary.observe(2);
    expect(await lines()).toEqual(['s{quantile="0.5"} 2', 's{quantile="0.9"} 2', 's_sum 2', 's_count 1']);
  });

  it('answers statistics of the window, NaN for what an empty one does not have', () => {
    const { metrics, clock } = setUp();
    const summary = metrics.summary('s', { quantiles: [0.5], maxAge: 10 });
    const empty = {
      count: 0,
      sum: 0,
      mean: Number.NaN,
      min: Number.NaN,
      max: Number.NaN,
      p50: Number.NaN,
      p95: Number.NaN,
      p99: Number.NaN,
      quantiles: { '0.5': Number.NaN },
    };
    expect(summary.getStatistics()).toEqual(empty);
    for (let i = 1; i <= 100; i++) summary.observe(i);
    const { count, sum, mean, min, max, p50, p95, p99 } = summary.getStatistics();
    expect({ count, sum, mean, min, max }).toEqual({ count: 100, sum: 5050, mean: 50.5, min: 1, max: 100 });
    expect(Math.abs(p50 - 50)).toBeLessThan(0.5);
    expect(Math.abs(p95 - 95)).toBeLessThan(0.95);
    expect(Math.abs(p99 - 99)).toBeLessThan(0.99);
    clock.advance(12.5);
    expect(summary.getStatistics()).toEqual(empty);
  });

  it('keeps the totals that it exposes when the window has passed', async () => {
    const { metrics, clock, lines } = setUp();
    const summary = metrics.summary('s', { quantiles: [0.5], maxAge: 10 });
    summary.observe(3);
    clock.advance(100);
    expect(await lines()).toEqual(['s{quantile="0.5"} NaN', 's_sum 3', 's_count 1']);
  });

  it('is within the public bounds for a million values in order', () => {
    const { metrics } = setUp();
    const summary = metrics.summary('s', { maxSamples: 2_000_000 });
    for (let i = 1; i <= 1_000_000; i++) summary.observe(i);
    for (const { q, want, tolerance } of cases.within[0]?.quantiles ?? []) {
      expect(Math.abs(summary.getQuantile(q) - want)).toBeLessThanOrEqual(Math.max(tolerance, want * 0.005));
    }
  });

  it('follows a window that slides, as the public case of decay asks', () => {
    const { metrics, clock } = setUp();
    const summary = metrics.summary('s', { maxAge: 0.1 });
    for (let i = 1; i <= 1000; i++) {
      clock.advance(0.001);
      summary.observe(i);
      if (i % 10 === 0) expect(Math.abs(summary.getQuantile(0.1) - Math.max(i / 10, i - 90))).toBeLessThanOrEqual(20);
    }
    clock.advance(0.2);
    expect(summary.getQuantile(0.1)).toBeNaN();
  });

  it('is within 1 % of the exact quantile for any values, signs and magnitudes', () => {
    const value = fc.oneof(
      fc.double({ min: 1e-9, max: 1e9, noNaN: true }),
      fc.double({ min: -1e9, max: -1e-9, noNaN: true }),
      fc.integer({ min: -1000, max: 1000 }),
    );
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 300 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, q) => {
          const { metrics } = setUp();
          const summary = metrics.summary('s');
          for (const one of values) summary.observe(one);
          const want = exact(
            values.toSorted((a, b) => a - b),
            q,
          );
          expect(Math.abs(summary.getQuantile(q) - want)).toBeLessThanOrEqual(Math.abs(want) * 0.01);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('tells a zero as zero, among other values', () => {
    const { metrics } = setUp();
    const summary = metrics.summary('s');
    for (const value of [0, 1, -1, 0]) summary.observe(value);
    expect([summary.getQuantile(0), summary.getQuantile(0.5), summary.getQuantile(1)]).toEqual([-1, 0, 1]);
  });

  it('counts an observation for at least 0.75 and at most 1.25 of maxAge, whenever it came', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 30, noNaN: true }), { minLength: 1, maxLength: 40 }), (pauses) => {
        const { metrics, clock } = setUp();
        const summary = metrics.summary('s', { maxAge: 100 });
        const times: number[] = [];
        for (const pause of pauses) {
          clock.advance(pause);
          times.push(clock.monotonic());
          summary.observe(1);
          const now = clock.monotonic();
          const { count } = summary.getStatistics();
          expect(count).toBeGreaterThanOrEqual(times.filter((time) => now - time < 75).length);
          expect(count).toBeLessThanOrEqual(times.filter((time) => now - time <= 125).length);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('never holds more than maxSamples, and at least three quarters of them once it is full', () => {
    const { metrics } = setUp();
    const summary = metrics.summary('s', { maxSamples: 100 });
    for (let i = 0; i < 1000; i++) {
      summary.observe(i);
      const { count, max } = summary.getStatistics();
      expect(count).toBeLessThanOrEqual(100);
      expect(count).toBeGreaterThanOrEqual(Math.min(i + 1, 75));
      expect(max).toBe(i);
    }
  });

  it('is exact where the clock jumps by whole windows', () => {
    const { metrics, clock } = setUp();
    const summary = metrics.summary('s', { maxAge: 60 });
    summary.observe(1);
    clock.advance(1e9);
    summary.observe(2);
    expect(summary.getStatistics()).toMatchObject({ count: 1, sum: 2, min: 2, max: 2 });
  });

  it.each([
    [Number.NaN, 'not_a_number'],
    [Number.POSITIVE_INFINITY, 'infinite'],
    ['1', 'not_a_number'],
  ])('refuses %p', (value, reason) => {
    const { metrics, dropped } = setUp();
    const summary = metrics.summary('s');
    summary.observe(value as number);
    expect(summary.getStatistics().count).toBe(0);
    expect(dropped(reason)).toBe(1);
  });

  it('answers NaN for a quantile outside 0 to 1', () => {
    const { metrics } = setUp();
    const summary = metrics.summary('s');
    summary.observe(1);
    expect([-0.1, 1.1, Number.NaN].map((q) => summary.getQuantile(q))).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  });
});

describe('SlidingWindow', () => {
  it('closes on the system clock while nobody reads it', async () => {
    const clock = new CoarseClock(systemClock, 0.0001);
    const window = new SlidingWindow({ maxAgeSeconds: 0.4, maxSamples: 100, clock, octaves: new Octaves() });
    window.observe(1);
    const end = systemClock.monotonic() + 0.5;
    while (systemClock.monotonic() < end) await new Promise((resolve) => setImmediate(resolve));
    window.observe(5);
    expect(window.read([0.5])).toMatchObject({ count: 1, min: 5, max: 5 });
  });
});
