// The shape of the load: a wave within its bounds, and customers who do all that there is to do.
import { nextVisit, rateAt } from '../../../../examples/shop/load/traffic.js';

describe('rateAt', () => {
  it('waves around the mean, between a quarter and 1.75 of it', () => {
    const rates = Array.from({ length: 3_150 }, (_, i) => rateAt(i / 10, 100));
    expect(Math.min(...rates)).toBeGreaterThanOrEqual(25);
    expect(Math.max(...rates)).toBeLessThanOrEqual(175);
    expect(rates.reduce((sum, rate) => sum + rate, 0) / rates.length).toBeCloseTo(100, 1);
  });
});

describe('nextVisit', () => {
  it('does everything that can be done in a shop', () => {
    const visits = Array.from({ length: 1_000 }, (_, i) => {
      const numbers = [i / 1_000, (i * 7) / 7_001, (i * 13) / 13_001];
      return nextVisit(() => numbers.shift() ?? 0.5, '17');
    });
    const kinds = new Set(visits.map(({ method, path }) => `${method} ${path.replace(/^\/\d+\/.*/, '(scan)')}`));
    for (const kind of ['GET /products', 'GET /products/rope', 'POST /orders', 'GET /orders/17', 'GET (scan)']) {
      expect(kinds).toContain(kind);
    }
  });

  it('asks for no order as long as none is known', () => {
    const paths = Array.from({ length: 100 }, (_, i) => nextVisit(() => i / 100, undefined).path);
    expect(paths.filter((path) => path.startsWith('/orders/'))).toEqual([]);
  });
});
