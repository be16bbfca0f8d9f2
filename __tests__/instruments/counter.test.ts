// What a counter promises: it only grows, refuses what it cannot take without a word to its caller, and starts at zero.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setUp } from './setup.js';

const edges = JSON.parse(readFileSync(join(__dirname, '../../../shared/cases/counter_edges.json'), 'utf8')) as {
  readonly cases: readonly {
    readonly add: readonly (number | string)[];
    readonly value?: number | string;
    readonly error?: boolean;
  }[];
};

describe('Counter', () => {
  describe('increment', () => {
    it('starts at zero, and adds one unless told otherwise', async () => {
      const { metrics, lines } = setUp();
      const jobs = metrics.counter('jobs_total');
      expect(await lines()).toEqual(['jobs_total 0']);
      jobs.increment();
      jobs.increment(2.5);
      expect(jobs.getValue()).toBe(3.5);
      expect(await lines()).toEqual(['jobs_total 3.5']);
    });

    it('adds zero', () => {
      const { metrics, dropped } = setUp();
      const jobs = metrics.counter('jobs_total');
      jobs.increment(0);
      expect(jobs.getValue()).toBe(0);
      expect(dropped('negative')).toBe(0);
    });

    it.each([
      [Number.NaN, 'not_a_number'],
      [-1, 'negative'],
      [-Number.MIN_VALUE, 'negative'],
      [Number.POSITIVE_INFINITY, 'infinite'],
      [Number.NEGATIVE_INFINITY, 'negative'],
      ['5', 'not_a_number'],
      [null, 'not_a_number'],
      [{}, 'not_a_number'],
      [5n, 'not_a_number'],
      [Symbol('x'), 'not_a_number'],
      [new Date(5), 'not_a_number'],
    ])('leaves the total unchanged when the amount is %p', (amount, reason) => {
      const { metrics, dropped, told } = setUp();
      const jobs = metrics.counter('jobs_total');
      const labelled = metrics.counter('labelled_total', { labelNames: ['a'] });
      jobs.increment(2);
      labelled.increment(2, { a: 'x' });
      jobs.increment(amount as number);
      labelled.increment(amount as number, { a: 'x' });
      labelled.labels({ a: 'x' }).increment(amount as number);
      expect(jobs.getValue()).toBe(2);
      expect(labelled.getValue({ a: 'x' })).toBe(2);
      expect(dropped(reason)).toBe(3);
      expect(told).toHaveLength(1);
      expect(told[0]).toMatchObject({ kind: 'invalid_value', metric: 'jobs_total', reason });
    });

    // +Infinity is refused here, which that case takes.
    it.each(edges.cases.filter(({ add }) => !add.includes('+Inf')))(
      'agrees with the public case %j',
      ({ add, value, error }) => {
        const { metrics, dropped } = setUp();
        const counter = metrics.counter('edge_total');
        for (const amount of add) counter.increment(amount as number);
        expect(counter.getValue()).toBe(error ? 0 : value);
        expect(dropped('negative')).toBe(error ? 1 : 0);
      },
    );

    it('counts each label set apart, whatever the order of the labels', async () => {
      const { metrics, lines } = setUp();
      const requests = metrics.counter('http_requests_total', { labelNames: ['method', 'status'] });
      requests.increment(1, { method: 'GET', status: 200 });
      requests.increment(1, { status: 200, method: 'GET' });
      requests.increment(1, { method: 'GET', status: '200' });
      requests.increment(4, { method: 'PUT', status: 200 });
      expect(await lines()).toEqual([
        'http_requests_total{method="GET",status="200"} 3',
        'http_requests_total{method="PUT",status="200"} 4',
      ]);
    });
  });

  describe('getValue', () => {
    it('is zero for a series that does not exist, and creates none', async () => {
      const { metrics, lines } = setUp();
      const requests = metrics.counter('http_requests_total', { labelNames: ['method'] });
      expect(requests.getValue({ method: 'GET' })).toBe(0);
      expect(await lines()).toEqual([]);
    });
  });

  it('takes a total kept elsewhere from its collect callback, and starts anew when that falls', async () => {
    const { metrics, clock, lines } = setUp();
    const start = clock.now() / 1000;
    let total = 5;
    metrics.counter('cpu_seconds_total', { collect: () => total });
    expect(await lines('openmetrics')).toEqual(['cpu_seconds_total 5', `cpu_seconds_created ${start}`]);
    clock.advance(10);
    total = 2;
    expect(await lines('openmetrics')).toEqual(['cpu_seconds_total 2', `cpu_seconds_created ${start + 10}`]);
  });
});
