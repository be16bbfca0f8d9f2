// Which sample of a series is its value at a step: the last one, as long as it is young and the series has not ended since.
import { lookBack } from '../../../lib/query/evaluation/look-back.js';
import { QueryEngine } from '../../../lib/query/query-engine.js';
import { ABSENT } from '../../../lib/query/values/step-series.js';
import { GivenSeries, seriesOf, type Written } from '../given-series.js';

const labels = { __name__: 'depth' };

describe(lookBack, () => {
  it('finds the newest sample that is not older than the look-back, at each step', () => {
    expect(found({ 10: 1, 20: 2 })).toBe('- - 1 1 2 2 2 2');
    expect(found({ 10: 1, 20: 2 }, { lookbackSeconds: 11 })).toBe('- - 1 1 2 2 2 -');
  });

  it('leaves out a sample that is exactly as old as the look-back', () => {
    expect(found({ 10: 1 }, { lookbackSeconds: 10 })).toBe('- - 1 1 - - - -');
  });

  it('finds nothing from where the series ended until its next sample', () => {
    expect(found({ 5: 1, 20: 2 }, { ends: [10] })).toBe('- 1 - - 2 2 2 2');
    expect(found({ 5: 1, 20: 2 }, { ends: [10, 12, 30] })).toBe('- 1 - - 2 2 - -');
  });

  it('knows the end of a series whose samples are of the same moment', () => {
    expect(found({ 10: 1 }, { ends: [10] })).toBe('- - - - - - - -');
  });

  it('tells when samples were taken, where that is asked for', () => {
    expect(found({ 10: 1, 22: 2 }, { takesTimes: true })).toBe('- - 10 10 10 22 22 22');
  });

  it('is what the engine asks of series that ended', async () => {
    const engine = new QueryEngine(new GivenSeries(seriesOf(labels, { 5: 1, 10: 2, 20: 3 }, [12])));
    const at = async (expression: string, time: number) => {
      const answer = (await engine.instant(expression, { time }))._unsafeUnwrap();
      return answer.type === 'vector' ? answer.samples.map(({ value }) => value) : undefined;
    };
    expect(await at('depth', 11)).toEqual([2]);
    expect(await at('depth', 12)).toEqual([]);
    expect(await at('absent(depth)', 12)).toEqual([1]);
    expect(await at('timestamp(depth)', 12)).toEqual([]);
    expect(await at('depth', 20)).toEqual([3]);
    // Windows hold samples, and an end is none.
    expect(await at('count_over_time(depth[10s])', 14)).toEqual([2]);
  });
});

interface Given {
  readonly lookbackSeconds?: number;
  readonly ends?: readonly number[];
  readonly takesTimes?: boolean;
}

const nothing = { kinds: new Uint8Array(8), values: new Float64Array(8) };

/** By step, every 5 seconds from 0 to 35. */
function found(samples: Written, { lookbackSeconds = 300, ends = [], takesTimes = false }: Given = {}): string {
  const moments = { firstMs: 0, strideMs: 5000, lastMs: 35_000, count: 8 };
  const options = { moments, lookbackMs: lookbackSeconds * 1000, takesTimes };
  const { kinds, values } = lookBack(seriesOf(labels, samples, ends), options) ?? nothing;
  return Array.from(kinds, (kind, step) => (kind === ABSENT ? '-' : values[step])).join(' ');
}
