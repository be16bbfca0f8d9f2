// Holds how results are shown, on invented figures.
import { type Figures, faster, limit, type Row, share, type Target } from '../../../benchmarks/harness/row.js';
import { cellsOf } from '../../../benchmarks/harness/table.js';

const cells = (unit: Row['unit'], targets: readonly Target[], figures: Figures): readonly string[] =>
  cellsOf({
    row: { id: 'invented', title: 'invented', unit, targets, rehearsed: false, measure: async () => figures },
    figures,
  });

describe('cellsOf', () => {
  it('shows durations in a unit that fits, with three digits', () => {
    const figures = { telltale: 0.512, 'prom-client': 12_345, OpenTelemetry: 2_340_000, 'sketches-js': 1.2e9 };
    expect(cells('ns', [], figures).slice(0, 4)).toEqual(['0.51 ns', '12.3 µs', '2.34 ms', '1.20 s']);
  });

  it('shows how many times longer the others take, beside what is asked for, and marks what is missed', () => {
    const figures = { telltale: 10, 'prom-client': 150, OpenTelemetry: 90 };
    expect(cells('ns', [faster('prom-client', 12), faster('OpenTelemetry', 30)], figures)).toEqual([
      '10.0 ns',
      '150 ns',
      '90.0 ns',
      '–',
      '–',
      '–',
      '15.0x (≥ 12), 9.00x (≥ 30 ✗)',
      'missed',
    ]);
  });

  it('shows memory as a share of what the others take', () => {
    expect(cells('bytes', [share('prom-client', 0.5)], { telltale: 25, 'prom-client': 100 })).toEqual([
      '25.0 B',
      '100 B',
      '–',
      '–',
      '–',
      '–',
      '0.25x (≤ 0.5)',
      'met',
    ]);
  });

  it('shows a limit by itself, and no ratio to nothing', () => {
    expect(cells('bytes', [limit(0)], { telltale: 0, 'prom-client': 400 })).toEqual([
      '0 B',
      '400 B',
      '–',
      '–',
      '–',
      '–',
      '≤ 0 B',
      'met',
    ]);
  });
});
