// How a chart's axes are cut and labelled: round times of the day below, values with their units at the left.
import type uPlot from 'uplot';
import { formatValue, type Unit } from '../panels/units.js';
import type { HeatRow } from './painting.js';
import { themeColors } from './theme.js';

const FONT = '11px system-ui, sans-serif';
/** Divisions that are round in base 2, for bytes. */
const BINARY = Array.from({ length: 60 }, (_, exponent) => 2 ** exponent);
/** Divisions that are round in base 10. Two and a half is none: there are no halves of what is counted. */
const DECIMAL = Array.from({ length: 90 }, (_, index) =>
  Number(`${[1, 2, 5][index % 3]}e${Math.floor(index / 3) - 12}`),
);
const DAY_S = 86_400;

const two = (value: number): string => String(value).padStart(2, '0');

export function clockText(timeS: number, spanS: number): string {
  const date = new Date(timeS * 1000);
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const minutes = `${two(date.getHours())}:${two(date.getMinutes())}`;
  if (spanS > 7 * DAY_S) return day;
  if (spanS > DAY_S) return `${day.slice(5)} ${minutes}`;
  return spanS > 600 ? minutes : `${minutes}:${two(date.getSeconds())}`;
}

const shared = {
  font: FONT,
  stroke: () => themeColors().text,
  grid: { stroke: () => themeColors().grid, width: 1 },
  ticks: { show: false },
} as const;

export function timeAxis(): uPlot.Axis {
  const values = (chart: uPlot, splits: number[]) => {
    const { min = 0, max = 0 } = chart.scales.x ?? {};
    const spanS = (max ?? 0) - (min ?? 0);
    // A label so near an edge would be cut off there.
    const isAtEdge = (time: number) =>
      Math.min(time - (min ?? 0), (max ?? 0) - time) * chart.over.clientWidth < 18 * spanS;
    return splits.map((time) => (isAtEdge(time) ? null : clockText(time, spanS)));
  };
  return { ...shared, grid: { show: false }, size: 24, gap: 4, space: 60, values };
}

export function valueAxis(unit: Unit): uPlot.Axis {
  return {
    ...shared,
    gap: 4,
    space: 30,
    size: (_, labels) => widthOf(labels),
    values: (_, splits) => splits.map((value) => formatValue(value, unit)),
    incrs: divisionsOf(unit),
  };
}

function divisionsOf(unit: Unit): number[] {
  if (unit === 'state') return [1];
  return unit === 'bytes' || unit === 'bytes-per-second' ? BINARY : DECIMAL;
}

/** Rows are of equal height, and about six of them say where they begin. */
export function bucketAxis(rows: () => readonly HeatRow[], unit: Unit): uPlot.Axis {
  const boundAt = (index: number) => rows()[index]?.lower ?? rows().at(-1)?.upper;
  return {
    ...shared,
    gap: 4,
    size: (_, labels) => widthOf(labels),
    splits: () => {
      const count = rows().length;
      const every = Math.max(1, Math.ceil(count / 6));
      return Array.from({ length: Math.floor(count / every) + 1 }, (_, index) => index * every);
    },
    values: (_, splits) => splits.map((index) => formatValue(boundAt(index), unit)),
  };
}

function widthOf(labels: readonly string[] | null): number {
  return 14 + 6.3 * Math.max(3, ...(labels ?? []).map((label) => label.length));
}
