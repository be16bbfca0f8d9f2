// How figures are shown: the cells of a row as text, and the table in a terminal. The same cells make up the table of
// docs/benchmarks.md, so that both say the same.
import { isMet, type Library, type Result, type Target, verdictOf } from './row.js';

const LIBRARIES: readonly Library[] = [
  'telltale',
  'prom-client',
  'OpenTelemetry',
  'sketches-js',
  'Prometheus',
  'by hand',
];

export const columns: readonly string[] = [...LIBRARIES, 'ratios (targets)', ''];

/** The figure of each library, the ratios with what is asked of them, and the verdict. */
export function cellsOf(result: Result): readonly string[] {
  const { row, figures } = result;
  const shown = LIBRARIES.map((library) => {
    const figure = figures[library];
    return figure === undefined ? '–' : (row.unit === 'ns' ? duration : size)(figure);
  });
  const verdict = verdictOf(result);
  return [...shown, ratiosOf(result).join(', '), verdict === undefined ? '' : verdict ? 'met' : 'missed'];
}

/** One text per library that telltale is compared with, and per absolute target. */
export function ratiosOf({ row, figures }: Result): readonly string[] {
  const own = figures.telltale ?? Number.NaN;
  const limits = row.targets.filter((target) => target.kind === 'limit');
  const others = LIBRARIES.filter((library) => library !== 'telltale' && figures[library] !== undefined);
  return [
    ...others.map((library) => {
      const target = row.targets.find((one) => one.kind !== 'limit' && one.than === library);
      const isShare = row.targets.some((one) => one.kind === 'share');
      const other = figures[library] as number;
      const ratio = isShare ? `${(own / other).toFixed(2)}x` : own > 0 ? `${significant(other / own)}x` : '';
      return target === undefined ? ratio : `${ratio} (${asked(target, row.unit)}${mark(target, figures)})`;
    }),
    ...limits.map((target) => `${asked(target, row.unit)}${mark(target, figures)}`),
  ].filter((text) => text !== '');
}

function asked(target: Target, unit: 'ns' | 'bytes'): string {
  if (target.kind === 'faster') return `≥ ${target.times}`;
  if (target.kind === 'share') return `≤ ${target.atMost}`;
  return `≤ ${(unit === 'ns' ? duration : size)(target.atMost)}`;
}

const mark = (target: Target, figures: Result['figures']): string => (isMet(target, figures) === true ? '' : ' ✗');

function duration(ns: number): string {
  if (ns >= 1e9) return `${significant(ns / 1e9)} s`;
  if (ns >= 1e6) return `${significant(ns / 1e6)} ms`;
  return ns >= 1e4 ? `${significant(ns / 1e3)} µs` : `${significant(ns)} ns`;
}

function size(bytes: number): string {
  return `${bytes < 0.05 ? '0' : significant(bytes)} B`;
}

/** Three significant digits; more would promise what no machine keeps. */
function significant(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(value < 1 ? 2 : 3);
}

const WIDTHS = [58, 10, 12, 14, 12, 12, 12, 36];

/** A line of the table in a terminal. */
export function lineOf(title: string, cells: readonly string[]): string {
  return [title, ...cells].map((cell, i) => (i === 0 ? cell.padEnd(58) : cell.padStart(WIDTHS[i] ?? 7))).join(' ');
}
