// Holds that the benchmarks record what they say they record.
import { BUCKETS, bucketTotal, requestsOf } from '../../benchmarks/workload.js';

const keysOf = ({ methods, routes, statuses }: ReturnType<typeof requestsOf>): string[] =>
  methods.map((method, i) => `${method} ${routes[i]} ${statuses[i]}`);

describe('requestsOf', () => {
  it.each([1, 100, 10_000])('makes up exactly %d series, each as often as any other', (series) => {
    const counts = new Map<string, number>();
    for (const key of keysOf(requestsOf(series))) counts.set(key, (counts.get(key) ?? 0) + 1);
    expect(counts.size).toBe(series);
    expect(new Set(counts.values())).toEqual(new Set([10_000 / series]));
  });

  it('makes 10k series of 4 methods, 500 routes and 5 statuses', () => {
    const { methods, routes, statuses } = requestsOf(10_000);
    expect([methods, routes, statuses].map((values: readonly unknown[]) => new Set(values).size)).toEqual([4, 500, 5]);
  });

  it('is shuffled, and the same every time', () => {
    expect(requestsOf(100)).toEqual(requestsOf(100));
    const [first] = requestsOf(10_000).routes;
    expect(requestsOf(10_000).routes.slice(0, 20)).not.toEqual(new Array(20).fill(first));
  });

  it('spreads the durations over all buckets', () => {
    const { seconds } = requestsOf(1);
    const buckets = seconds.map((value) => BUCKETS.filter((bound) => value > bound).length);
    expect(new Set(buckets).size).toBe(BUCKETS.length + 1);
  });
});

describe('bucketTotal', () => {
  it('adds up all cumulative buckets, the infinite one included', () => {
    expect(bucketTotal([0.001])).toBe(12);
    expect(bucketTotal([20, 10])).toBe(3);
  });
});
