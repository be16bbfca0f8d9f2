// What a gauge promises: it can be set to anything, and is moved by finite amounts.
import { setUp } from './setup.js';

describe('Gauge', () => {
  it('starts at zero, is set, goes up and down', () => {
    const { metrics } = setUp();
    const depth = metrics.gauge('queue_depth');
    expect(depth.getValue()).toBe(0);
    depth.set(5);
    depth.increment();
    depth.increment(2);
    depth.decrement();
    depth.decrement(0.5);
    expect(depth.getValue()).toBe(6.5);
  });

  describe('set', () => {
    it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 1e308, 5e-324])(
      'takes %p',
      (value) => {
        const { metrics, dropped } = setUp();
        const gauge = metrics.gauge('g');
        gauge.set(value);
        expect(gauge.getValue()).toBe(value);
        expect(dropped('not_a_number')).toBe(0);
      },
    );

    it.each(['1', null, undefined, {}, [], true, 1n])('refuses %p', (value) => {
      const { metrics, dropped } = setUp();
      const gauge = metrics.gauge('g');
      gauge.set(7);
      gauge.set(value as number);
      expect(gauge.getValue()).toBe(7);
      expect(dropped('not_a_number')).toBe(1);
    });
  });

  describe('increment and decrement', () => {
    it.each([
      [Number.NaN, 'not_a_number'],
      [Number.POSITIVE_INFINITY, 'infinite'],
      [Number.NEGATIVE_INFINITY, 'infinite'],
      ['1', 'not_a_number'],
    ])('are not moved by %p', (amount, reason) => {
      const { metrics, dropped } = setUp();
      const gauge = metrics.gauge('g', { labelNames: ['a'] });
      gauge.set(7, { a: 'x' });
      gauge.increment(amount as number, { a: 'x' });
      gauge.decrement(amount as number, { a: 'x' });
      expect(gauge.getValue({ a: 'x' })).toBe(7);
      expect(dropped(reason)).toBe(2);
    });
  });

  it('is set to the present time in seconds', () => {
    const { metrics, clock } = setUp();
    const gauge = metrics.gauge('last_run_timestamp_seconds');
    clock.advance(1.5);
    gauge.setToCurrentTime();
    expect(gauge.getValue()).toBe(Date.UTC(2026, 0, 1) / 1000 + 1.5);
  });

  describe('collect', () => {
    it('takes a number, a promise, labelled values, or records by itself', async () => {
      const { metrics, lines } = setUp();
      metrics.gauge('a', { collect: () => 1 });
      metrics.gauge('b', { collect: async () => 2 });
      metrics.gauge('c', { labelNames: ['pool'], collect: () => [{ value: 3, labels: { pool: 'main' } }] });
      metrics.gauge('d', { collect: (gauge) => gauge.set(4) });
      metrics.gauge('e', { labels: { pool: 'main' }, collect: () => 5 });
      metrics.gauge('e', { labels: { pool: 'spare' }, collect: () => 6 });
      expect(await lines()).toEqual(['a 1', 'b 2', 'c{pool="main"} 3', 'd 4', 'e{pool="main"} 5', 'e{pool="spare"} 6']);
    });
  });
});
