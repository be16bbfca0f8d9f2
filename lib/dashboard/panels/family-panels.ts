// The charts that fit a metric's type: rates of counters, heat map, quantiles and rate of histograms, quantiles of summaries,
// gauges as they are. What PromQL it takes for that is known here and nowhere else.
import { shownSelector, WINDOW } from './expression.js';
import type { KnownFamily } from './known-family.js';
import type { Panel, PanelQuery } from './panel.js';
import { unitOfRate, unitOfValue } from './units.js';

export const QUANTILES = [0.5, 0.95, 0.99] as const;

/** One to three panels, the most telling first. */
export function familyPanels(family: KnownFamily): readonly Panel[] {
  const { name, kind, help, unit, series } = family;
  const panel = (part: string, rest: Pick<Panel, 'chart' | 'unit' | 'queries'>): Panel => ({
    id: part === '' ? name : `${name}:${part}`,
    title: part === '' ? name : `${name} · ${part}`,
    help,
    kind,
    ...rest,
  });
  const value = unitOfValue(unit, name);
  switch (kind) {
    case 'counter':
      return [panel('', { chart: 'lines', unit: unitOfRate(unit), queries: [{ expression: rate(series) }] })];
    case 'histogram':
    case 'native-histogram':
      return [
        panel('observations', { chart: 'heatmap', unit: value, queries: [heatQuery(family)] }),
        panel('quantiles', { chart: 'lines', unit: value, queries: quantileQueries(family) }),
        panel('rate', {
          chart: 'lines',
          unit: 'per-second',
          queries: [{ expression: rateQuery(family), legend: 'observations' }],
        }),
      ];
    case 'summary':
      return [
        panel('quantiles', { chart: 'lines', unit: value, queries: summaryQueries(family) }),
        panel('rate', { chart: 'lines', unit: 'per-second', queries: [{ expression: rate(`${series}_count`) }] }),
      ];
    case 'info':
      return [panel('', { chart: 'labels', unit: 'none', queries: [{ expression: shownSelector(series) }] })];
    case 'stateset':
      return [panel('', { chart: 'lines', unit: 'state', queries: [{ expression: shownSelector(series) }] })];
    default:
      return [panel('', { chart: 'lines', unit: value, queries: [{ expression: shownSelector(series) }] })];
  }
}

const rate = (series: string, matchers = ''): string => `rate(${shownSelector(series, matchers)}[${WINDOW}])`;

/** How often something was counted or observed, all series together. */
export function rateQuery({ kind, series }: KnownFamily, matchers = ''): string {
  switch (kind) {
    case 'native-histogram':
      return `histogram_count(sum(${rate(series, matchers)}))`;
    case 'histogram':
    case 'summary':
      return `sum(${rate(`${series}_count`, matchers)})`;
    default:
      return `sum(${rate(series, matchers)})`;
  }
}

/** Quantiles of all series together, for what has buckets. */
export function quantileQueries(
  { kind, series }: KnownFamily,
  quantiles: readonly number[] = QUANTILES,
): readonly PanelQuery[] {
  const buckets = kind === 'histogram' ? `sum by (le) (${rate(`${series}_bucket`)})` : `sum(${rate(series)})`;
  return quantiles.map((quantile) => ({
    expression: `histogram_quantile(${quantile}, ${buckets})`,
    legend: quantileName(quantile),
  }));
}

export const quantileName = (quantile: number): string => `p${Number((quantile * 100).toPrecision(4))}`;

function heatQuery({ kind, series }: KnownFamily): PanelQuery {
  const increase = (name: string) => `increase(${shownSelector(name)}[${WINDOW}])`;
  if (kind === 'native-histogram') return { expression: `sum(${increase(series)})` };
  return { expression: `sum by (le) (${increase(`${series}_bucket`)})`, legend: '{{le}}' };
}

function summaryQueries({ series }: KnownFamily): readonly PanelQuery[] {
  const total = (suffix: string) => `sum(${rate(`${series}_${suffix}`)})`;
  return [
    { expression: shownSelector(series, 'quantile!=""') },
    { expression: `${total('sum')} / ${total('count')}`, legend: 'mean' },
  ];
}
