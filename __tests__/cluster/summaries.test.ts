// Summaries of several workers together, read step by step: which windows the quantiles are of.
import { MetricsCollector } from 'telltale';
import { ManualClock } from 'telltale/testing';
import { Members } from './members.js';

describe.each([
  ['sent', true],
  ['read in place', false],
])('MergedSummary, numbers %s', (_, copies) => {
  const start = () => {
    const members = new Members();
    const clock = new ManualClock();
    const workers = [1, 2, 3].map(() => members.join(copies, new MetricsCollector({ clock })));
    const [a, b, idle] = workers.map(({ metrics }) =>
      metrics.summary('x', { quantiles: [0, 1], maxAge: 60, labelNames: ['of'], expireAfter: 1e6 }),
    );
    const shown = async (of: string) => {
      const lines = await members.shown(`x{of="${of}",`);
      // Quantiles are within half a percent.
      return lines.map((line) =>
        line.replace(/^.*quantile="(\d)"} (.*)/, (_all, q, value) => `${q}: ${Math.round(value)}`),
      );
    };
    return { members, clock, workers, a, b, idle, shown };
  };

  it('shows the least and the greatest of all windows, whichever of them changed last', async () => {
    const { a, b, idle, shown } = start();
    a?.observe(3, { of: 'it' });
    b?.observe(-5, { of: 'it' });
    idle?.labels({ of: 'it' });
    expect(await shown('it')).toEqual(['0: -5', '1: 3']);
    a?.observe(4, { of: 'it' });
    expect(await shown('it')).toEqual(['0: -5', '1: 4']);
    b?.observe(-6, { of: 'it' });
    b?.observe(1, { of: 'other' });
    expect([await shown('it'), await shown('other')]).toEqual([
      ['0: -6', '1: 4'],
      ['0: 1', '1: 1'],
    ]);
  });

  it('forgets what is too old, also where nothing else was observed meanwhile, and the windows of workers that died', async () => {
    const { a, b, clock, workers, shown } = start();
    a?.observe(3, { of: 'it' });
    clock.advance(40);
    b?.observe(7, { of: 'it' });
    expect(await shown('it')).toEqual(['0: 3', '1: 7']);
    clock.advance(40);
    expect(await shown('it')).toEqual(['0: 7', '1: 7']);
    a?.observe(1, { of: 'it' });
    expect(await shown('it')).toEqual(['0: 1', '1: 7']);
    workers[1]?.die();
    expect(await shown('it')).toEqual(['0: 1', '1: 1']);
    clock.advance(100);
    expect(await shown('it')).toEqual(['0: NaN', '1: NaN']);
  });
});
