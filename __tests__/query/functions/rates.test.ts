// How much series grew, in windows whose extrapolation was worked out by hand from the rules that Prometheus documents.
import { rateFunctions } from '../../../lib/query/functions/rates.js';
import type { FloatHistogram } from '../../../lib/query/histograms/float-histogram.js';
import { QueryEngine } from '../../../lib/query/query-engine.js';
import { ManualClock } from '../../../lib/testing/manual-clock.js';
import { MemoryStorage } from '../../../storage/memory/memory-storage.js';
import { ask, askFrom, engineOver, type Given } from '../asking.js';
import { bucketsIn, histogram } from '../histograms/histogram.js';

const COUNTER = { __name__: 'orders_total', shop: 'a' };

async function growth(text: string, time: number, samples: readonly Given[]): Promise<unknown> {
  const { values } = await ask(engineOver([COUNTER, samples]), text, time);
  return values['{shop="a"}'];
}

describe('rateFunctions', () => {
  it('has the three functions that extrapolate', () => {
    expect(Object.keys(rateFunctions)).toEqual(['rate', 'increase', 'delta']);
  });

  describe('increase', () => {
    it('reaches to both ends of a window that the samples nearly fill', async () => {
      // 1010 … 1060 in 50 s; 10 s to the start, which is one gap; none to the end.
      const samples = [0, 1, 2, 3, 4, 5, 6].map((i) => 1000 + 10 * i);
      expect(await growth('increase(orders_total[1m])', 60, samples)).toBeCloseTo(60, 12);
    });

    it('reaches half a gap further where samples are missing', async () => {
      expect(await growth('increase(orders_total[1m])', 40, [1000, 1010, 1020])).toBeCloseTo(30, 12);
    });

    it('does not begin before the counter was 0', async () => {
      // 2 at the first sample, by 1 in a second: 0 was 2 s before. 5 s to the end.
      expect(await growth('increase(orders_total[1m])', 25, [2, 12, 22])).toBeCloseTo(27, 12);
    });

    it('adds what a reset took', async () => {
      // 10 up to 110, then 5 from 0, then 10: 25 in 30 s, and 5 s to each end.
      expect(await growth('increase(orders_total[40s])', 35, [100, 110, 5, 15])).toBeCloseTo((25 * 40) / 30, 12);
    });

    it('counts a reset in the windows that have both of its sides, and in no others', async () => {
      const engine = engineOver([COUNTER, [100, 110, 5, 15, 25, 3, 13]]);
      const { values } = await askFrom(engine, 'increase(orders_total[30s])', [10, 60]);
      // 10 in 10 s, and 5 s more; 15, 15, 20, 13 and 13 in 20 s, and 10 s more, save for 20: there it was 0 after 5 s.
      expect(values['{shop="a"}']).toEqual([15, 22.5, 22.5, 25, 19.5, 19.5].map((value) => expect.closeTo(value, 9)));
    });

    it('knows the resets of each series from those of the one before', async () => {
      const engine = engineOver(
        [{ __name__: 'a_total' }, [100, 110, 5, 15]],
        [{ __name__: 'a_total', k: 'b' }, [100, 110, 120, 130]],
      );
      expect((await ask(engine, 'increase(a_total[40s])', 35)).values).toEqual({
        '{}': expect.closeTo((25 * 40) / 30, 12),
        '{k="b"}': expect.closeTo((30 * 40) / 30, 12),
      });
    });

    it('has nothing to say of a single sample', async () => {
      expect(await growth('increase(orders_total[10s])', 20, [1, 2, 3])).toBeUndefined();
    });

    it('extrapolates histograms without looking for their beginning', async () => {
      const samples = [histogram({ 0: 1, 3: 2 }), histogram({ 0: 4, 3: 4 })];
      const grown = (await growth('increase(orders_total[20s])', 15, samples)) as FloatHistogram;
      expect(bucketsIn(grown.positive)).toEqual({ 0: 6, 3: 4 });
    });

    it('leaves out windows with numbers and histograms, and says so', async () => {
      const engine = engineOver([COUNTER, [1, 2, histogram({ 0: 1 }), histogram({ 0: 2 }), histogram({ 0: 3 })]]);
      const { values, notes } = await ask(engine, 'increase(orders_total[1m])', 20);
      expect(values).toEqual({});
      expect(notes.warnings).toEqual([
        'PromQL warning: encountered a mix of histograms and floats for metric name "orders_total" (1:10)',
      ]);
      expect((await ask(engine, 'increase(orders_total[15s])', 12)).values).toEqual({ '{shop="a"}': 1.5 });
    });
  });

  describe('rate', () => {
    it('is the increase by second', async () => {
      expect(await growth('rate(orders_total[40s])', 35, [100, 110, 5, 15])).toBeCloseTo(25 / 30, 12);
    });

    it('is that of the window, wherever an offset or a fixed time moves it', async () => {
      const samples = [0, 10, 20, 30, 130, 230, 330];
      expect(await growth('rate(orders_total[30s] offset 30s)', 60, samples)).toBeCloseTo(1, 12);
      expect(await growth('rate(orders_total[30s] @ 30)', 60, samples)).toBeCloseTo(1, 12);
    });

    it('tells of metrics that are not named as counters are, once each', async () => {
      const engine = engineOver(
        [{ __name__: 'up', k: 'a' }, [1, 2]],
        [{ __name__: 'up', k: 'b' }, [1, 2]],
        [{ __name__: 'down', k: 'c' }, [1, 2]],
        [{ __name__: 'x_bucket', k: 'd' }, [1, 2]],
        [{ __name__: 'lonely' }, [1]],
      );
      const { notes } = await ask(engine, 'rate({__name__=~".+"}[1m])', 20);
      const text = 'metric might not be a counter, name does not end in _total/_sum/_count/_bucket:';
      expect([...notes.infos].sort()).toEqual([`PromQL info: ${text} "down" (1:6)`, `PromQL info: ${text} "up" (1:6)`]);
    });

    it('places what it says of a subquery at the beginning of the query, as Prometheus does', async () => {
      const { notes } = await ask(engineOver([{ __name__: 'up' }, [1, 2]]), ' rate(up[1m:10s])', 20);
      expect(notes.infos).toEqual([expect.stringMatching(/"up" \(1:1\)$/)]);
    });

    it('warns of each metric by its name', async () => {
      const engine = engineOver(
        [{ __name__: 'a_total' }, [1, histogram({ 0: 1 })]],
        [{ __name__: 'b_total' }, [histogram({ 0: 1 }), 1]],
      );
      const { notes } = await ask(engine, 'rate({__name__=~".+"}[1m])', 20);
      expect([...notes.warnings].sort()).toEqual(
        ['a', 'b'].map(
          (name) => `PromQL warning: encountered a mix of histograms and floats for metric name "${name}_total" (1:6)`,
        ),
      );
    });

    it('tells nothing of histograms and of what has no name', async () => {
      const engine = engineOver([{ __name__: 'latency' }, [histogram({ 0: 1 }), histogram({ 0: 2 })]]);
      expect((await ask(engine, 'rate(latency[1m])', 20)).notes.infos).toEqual([]);
      const mixed = await ask(engineOver([{ __name__: 'up', k: 'a' }, [1, 2]]), 'rate((up or vector(1))[1m:10s])', 20);
      expect(mixed.values).toEqual({ '{}': 0, '{k="a"}': expect.any(Number) });
      expect(mixed.notes.infos).toEqual([expect.stringMatching('"up"')]);
    });

    it('refuses series that only their names told apart', async () => {
      const engine = engineOver([{ __name__: 'a_total' }, [1, 2]], [{ __name__: 'b_total' }, [1, 2]]);
      const answer = await engine.instant('rate({__name__=~".+"}[1m])', { time: 20 });
      expect(answer._unsafeUnwrapErr()).toEqual({
        kind: 'evaluation_failed',
        problem: 'vector cannot contain metrics with the same labelset',
      });
    });
  });

  describe('delta', () => {
    it('lets a gauge fall, below 0 as well', async () => {
      expect(await growth('delta(orders_total[1m])', 25, [2, 12, -18])).toBeCloseTo(-30, 12);
    });

    it('warns of histograms that count', async () => {
      const engine = engineOver([{ __name__: 'latency' }, [histogram({ 0: 1 }), histogram({ 0: 2 })]]);
      const { notes } = await ask(engine, 'delta(latency[1m])', 20);
      expect(notes.warnings).toEqual(['PromQL warning: this native histogram metric is not a gauge: "latency" (1:7)']);
    });
  });

  it.each(['rate', 'increase', 'delta'])(
    '%s answers the same of long series, window by window, as of short ones',
    async (name) => {
      const storage = new MemoryStorage({ clock: new ManualClock(7_200_000), retentionSeconds: 7200 });
      for (let i = 0; i < 6000; i++) if (i % 97 > 5) storage.append(COUNTER, i * 1000 + (i % 7), (i % 700) * 1.5);
      const engine = new QueryEngine(storage);
      const numbers = async (start: number, end: number) => {
        const answer = await engine.range(`${name}(orders_total[50s])`, { start, end, step: 1 });
        const value = answer._unsafeUnwrap();
        if (value.type !== 'matrix') throw new Error(value.type);
        return value.series.flatMap(({ values }) => [...values]);
      };
      const halves = [...(await numbers(0, 2999)), ...(await numbers(3000, 5999))];
      expect(halves.length).toBeGreaterThan(5900);
      expect(await numbers(0, 5999)).toEqual(halves);
    },
  );
});
