// Native histograms of several workers together: which buckets observations are in, whatever became of those they were in.
import fc from 'fast-check';
import { MetricsCollector } from 'telltale';
import { ManualClock } from 'telltale/testing';
import type { Report } from '../../lib/cluster/protocol.js';
import { type NativeHistogram, nativeHistogramAt, nativeUpperBound } from '../../lib/model/native-histogram.js';
import { type Member, Members } from './members.js';

jest.setTimeout(120_000);

const MAX_BUCKETS = 6;
const OPTIONS = {
  native: { growthFactor: 1.2, maxBuckets: MAX_BUCKETS, zeroThreshold: 0.001, maxZeroThreshold: 0.1 },
};

/** The only series of a family, as readers see it. */
async function histogramIn({ metrics }: Members): Promise<NativeHistogram | undefined> {
  const { families } = await metrics.snapshot();
  const [block] = families.find(({ descriptor }) => descriptor.name === 'x')?.blocks() ?? [];
  return block && nativeHistogramAt(block, 0);
}

/** How many of these values are in each bucket that there is, and in the zero bucket, by its bounds. */
function countsOf(values: readonly number[], { schema, zeroThreshold, positive, negative }: NativeHistogram) {
  const within = (sign: number) => (index: number) =>
    values.filter((value) => {
      const magnitude = value * sign;
      const isAbove = magnitude > Math.max(zeroThreshold, nativeUpperBound(schema, index - 1));
      return isAbove && magnitude <= nativeUpperBound(schema, index);
    }).length;
  return {
    zero: values.filter((value) => Math.abs(value) <= zeroThreshold).length,
    positive: Array.from(positive.indexes, within(1)),
    negative: Array.from(negative.indexes, within(-1)),
  };
}

describe.each([
  ['sent', true],
  ['read in place', false],
])('MergedNative, numbers %s', (_, copies) => {
  it('has every observation in its bucket, and no more buckets than were asked for, whatever workers do', async () => {
    const step = fc.oneof(
      {
        weight: 8,
        arbitrary: fc.record({
          worker: fc.nat(1),
          value: fc
            .double({ min: -3, max: 3, noNaN: true })
            .map((power) => Math.sign(power) * 10 ** (Math.abs(power) - 2.5)),
        }),
      },
      { weight: 1, arbitrary: fc.record({ dies: fc.nat(1) }) },
      { weight: 2, arbitrary: fc.constantFrom('look' as const, 'age' as const) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), fc.boolean(), async (steps, resets) => {
        const members = new Members();
        const clock = new ManualClock();
        const join = () => members.join(copies, new MetricsCollector({ clock }));
        const workers = [join(), join()];
        const values: number[] = [];
        const native = { ...OPTIONS.native, ...(resets ? { minResetSeconds: 10 } : {}) };
        for (const one of steps) {
          if (one === 'look') await members.shown('x');
          else if (one === 'age') clock.advance(6);
          else if ('dies' in one) {
            workers[one.dies]?.report();
            workers[one.dies]?.die();
            workers[one.dies] = join();
          } else {
            const { metrics } = workers[one.worker] as Member;
            metrics.histogram('x', { native }).observe(one.value);
            values.push(one.value);
          }
        }
        await members.shown('x');
        const histogram = await histogramIn(members);
        if (histogram === undefined) return expect(values).toEqual([]);
        const { zeroCount, positive, negative, count } = histogram;
        expect({ zero: zeroCount, positive: [...positive.counts], negative: [...negative.counts] }).toEqual(
          countsOf(values, histogram),
        );
        expect(count).toBe(values.length);
        expect(positive.indexes.length + negative.indexes.length).toBeLessThanOrEqual(MAX_BUCKETS);
      }),
      { numRuns: 40 },
    );
  });

  it('holds what dead workers counted to the number of buckets, by the zero bucket first', async () => {
    const members = new Members();
    for (const value of [0.02, 1, 2, 4, 8, 16, 32, 64]) {
      const worker = members.join(copies);
      worker.metrics.histogram('x', { native: { ...OPTIONS.native, growthFactor: 2 } }).observe(value);
      worker.report();
      worker.die();
    }
    await members.shown('x');
    // 0.02 is in the bucket that ends at 2^-5, so that the zero bucket is widened to there. Seven buckets are one too many.
    const histogram = await histogramIn(members);
    expect(histogram).toMatchObject({ schema: -1, zeroThreshold: 2 ** -5, zeroCount: 1, count: 8 });
    // From above 4^(index - 1) to 4^index: 1, then 2 and 4, then 8 and 16, then 32 and 64.
    expect([...(histogram?.positive.indexes ?? [])]).toEqual([0, 1, 2, 3]);
    expect([...(histogram?.positive.counts ?? [])]).toEqual([1, 2, 2, 2]);
  });
});

describe('a worker', () => {
  it('tells of a native histogram or a summary only when something was observed in it, and only what', async () => {
    const members = new Members();
    const { metrics } = members.join(true);
    const native = metrics.histogram('x', { native: true, labelNames: ['kind'] });
    const summary = metrics.summary('y', { labelNames: ['kind'] });
    for (const kind of ['a', 'b', 'c']) {
      for (let i = 0; i < 3; i++) native.observe(1, { kind });
      summary.observe(1, { kind });
    }
    await members.shown('x');
    const reports: Report[] = [];
    const received = members.gatherer.received.bind(members.gatherer);
    members.gatherer.received = (link, report) => {
      reports.push(report as Report);
      received(link, report);
    };
    native.observe(1, { kind: 'b' });
    summary.observe(1, { kind: 'c' });
    expect(await members.shown('x_count')).toEqual([
      'x_count{kind="a"} 3',
      'x_count{kind="b"} 4',
      'x_count{kind="c"} 3',
    ]);
    const natives = reports.flatMap((report) => report.natives);
    expect(natives.map(({ slots, values }) => [[...slots], [...values]])).toEqual([[[1], [1, 1]]]);
    expect(reports.flatMap((report) => report.windows).map(({ slots }) => [...slots])).toEqual([[2]]);
    reports.length = 0;
    await members.shown('x');
    expect(reports.flatMap((report) => [...report.natives, ...report.windows])).toEqual([]);
  });
});
