// One callback for several metrics: it runs before every reading, costs only its own metrics when it fails, and can be taken
// away again, whereupon what nobody reads any more is not shown as if it were read.
import { setUp } from '../instruments/setup.js';

function setUpTwo() {
  const { metrics, lines, told } = setUp({ collectTimeoutSeconds: 0.02 });
  const used = metrics.gauge('used_bytes');
  const free = metrics.gauge('free_bytes');
  metrics.gauge('other').set(1);
  return { metrics, lines, told, used, free };
}

describe('collectTogether', () => {
  it('records several instruments from one call per reading', async () => {
    const { metrics, lines, used, free } = setUpTwo();
    let calls = 0;
    metrics.collectTogether([used, free], async () => {
      calls++;
      used.set(10 * calls);
      free.set(20 * calls);
    });
    expect(await lines()).toEqual(['used_bytes 10', 'free_bytes 20', 'other 1']);
    await Promise.all([metrics.snapshot(), metrics.getAllMetrics()]);
    expect(await lines()).toEqual(['used_bytes 30', 'free_bytes 60', 'other 1']);
  });

  it.each([
    ['throws', () => Promise.reject(new Error('no'))],
    ['hangs', () => new Promise<void>(() => {})],
  ])('leaves out its own instruments and no others when the callback %s', async (_, callback) => {
    const { metrics, lines, told, used, free } = setUpTwo();
    metrics.collectTogether([used, free], callback);
    expect(await lines()).toEqual(['other 1']);
    const errors = metrics.counter('telltale_collect_errors_total', { labelNames: ['family'] });
    expect([errors.getValue({ family: 'used_bytes' }), errors.getValue({ family: 'free_bytes' })]).toEqual([1, 1]);
    expect(told).toHaveLength(1);
  });

  it('leaves out what nobody reads any more once it is removed, until somebody does again', async () => {
    const { metrics, lines, used, free } = setUpTwo();
    let calls = 0;
    const first = metrics.collectTogether([used, free], () => used.set(++calls));
    const second = metrics.collectTogether([free], () => free.set(5));
    first.remove();
    first.remove();
    expect(await lines()).toEqual(['free_bytes 5', 'other 1']);
    second.remove();
    expect(await lines()).toEqual(['other 1']);
    expect(calls).toBe(0);
    metrics.gauge('used_bytes', { collect: () => 7 });
    expect(await lines()).toEqual(['used_bytes 7', 'other 1']);
  });
});
