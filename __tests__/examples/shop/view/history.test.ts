// From what a real storage holds to figures: sums, rates, the newest value.
import { MemoryStorage, MetricsCollector } from 'telltale';
import { ManualClock } from 'telltale/testing';
import { groupedBy, latest, ratesOf, readHistory, recentRate, sumOf } from '../../../../examples/shop/view/history.js';

async function recorded() {
  const clock = new ManualClock();
  const storage = new MemoryStorage({ clock });
  const metrics = new MetricsCollector({ clock, storage });
  metrics.counter('other_total').increment(7);
  const requests = metrics.counter('requests_total', { labelNames: ['route'] });
  const second = async (...routes: readonly string[]) => {
    for (const route of routes) requests.increment(10, { route });
    (await metrics.collectAndStore())._unsafeUnwrap();
    clock.advance(1);
  };
  await second('/a');
  await second('/a', '/b');
  await second('/b');
  const select = async (labels = {}, seconds = 60) => {
    const names = ['requests_total', 'answers_total'] as const;
    const read = await readHistory(storage, { names, seconds, nowMs: clock.now() });
    expect(read('answers_total')).toEqual([]);
    return read('requests_total', labels);
  };
  return { select, storage };
}

describe('readHistory', () => {
  it('answers the series of a name, and of labels', async () => {
    const { select } = await recorded();
    expect((await select()).map(({ labels }) => labels.route).toSorted()).toEqual(['/a', '/b']);
    expect((await select({ route: '/b' })).map(latest)).toEqual([20]);
  });

  it('looks back as far as it is told', async () => {
    const { select } = await recorded();
    expect((await select({ route: '/a' }, 2)).map(({ values }) => [...values])).toEqual([[20, 20]]);
  });

  it('answers nothing when the storage cannot', async () => {
    const { select, storage } = await recorded();
    await storage.close();
    expect(await select()).toEqual([]);
  });
});

describe('groupedBy', () => {
  it('keeps the order of groups and of what is in them', () => {
    expect([...groupedBy([3, 1, 2, 5], (n) => n % 2 === 1)]).toEqual([
      [true, [3, 1, 5]],
      [false, [2]],
    ]);
  });
});

describe('figures over time', () => {
  it('adds up series that came at different times', async () => {
    const { select } = await recorded();
    expect(sumOf(await select()).map(({ value }) => value)).toEqual([10, 30, 40]);
  });

  it('knows how fast a total grows', async () => {
    const { select } = await recorded();
    const totals = sumOf(await select());
    expect(ratesOf(totals)).toEqual([20, 10]);
    expect(recentRate(totals, 1)).toBe(10);
    expect(recentRate(totals, 60)).toBe(15);
  });

  it('has no rate before there are two moments', () => {
    expect(recentRate([], 5)).toBe(0);
    expect(recentRate([{ timestampMs: 1, value: 7 }], 5)).toBe(0);
  });
});
