// Buckets as rows of a heat map: classic ones, which count cumulatively and by `le`, and native ones, which do neither.
import type { TableSeries } from '../panels/series-table.js';
import type { HeatRow } from './painting.js';
import { readNumber } from './query-api.js';

const MOST_ROWS = 40;

/** From the smallest observations to the largest; rows above the last observation are left out, and many are joined to few. */
export function heatRows(series: readonly TableSeries[]): readonly HeatRow[] {
  const isNative = series.some(({ labels }) => labels.upper !== undefined);
  return joined(isNative ? nativeRows(series) : classicRows(series));
}

function nativeRows(series: readonly TableSeries[]): readonly HeatRow[] {
  const rows = series.map(({ labels, values }) => ({
    lower: readNumber(labels.lower ?? ''),
    upper: readNumber(labels.upper ?? ''),
    values,
  }));
  return rows.sort((a, b) => a.upper - b.upper);
}

function classicRows(series: readonly TableSeries[]): readonly HeatRow[] {
  const bounds = series
    .map(({ labels, values }) => ({ upper: readNumber(labels.le ?? ''), values }))
    .filter(({ upper }) => !Number.isNaN(upper))
    .sort((a, b) => a.upper - b.upper);
  const rows = bounds.map(({ upper, values }, index) => {
    const below = bounds[index - 1];
    const lower = below?.upper ?? Math.min(0, upper);
    return {
      lower,
      upper,
      values:
        below === undefined ? values : values.map((value, step) => Math.max(0, value - (below.values[step] as number))),
    };
  });
  const last = rows.findLastIndex(({ values }) => values.some((value) => value > 0));
  return rows.slice(0, last < 0 ? Math.min(1, rows.length) : last + 1);
}

function joined(rows: readonly HeatRow[]): readonly HeatRow[] {
  const together = Math.ceil(rows.length / MOST_ROWS);
  if (together <= 1) return rows;
  const few: HeatRow[] = [];
  for (let from = 0; from < rows.length; from += together) {
    const group = rows.slice(from, from + together);
    const [first, last] = [group[0] as HeatRow, group.at(-1) as HeatRow];
    const values = first.values.map((_, step) => group.reduce((sum, row) => sum + (row.values[step] || 0), 0));
    few.push({ lower: first.lower, upper: last.upper, values });
  }
  return few;
}
