// The same panels as Grafana's JSON, for whoever looks at metrics there already. Only the format is known here: which panels
// there are is said in `panels/`.
import type { MetricFamily } from '../model/family.js';
import { describedFamilies, labelNamesOf } from './described-families.js';
import { expanded } from './panels/expression.js';
import { familyPanels } from './panels/family-panels.js';
import { type KnownFamily, knownFamilies, type Metadata } from './panels/known-family.js';
import { overviewPanels } from './panels/overview-panels.js';
import type { Panel, PanelQuery } from './panels/panel.js';
import type { Unit } from './panels/units.js';

export interface GrafanaOptions {
  /** Default: telltale. */
  readonly title?: string;
}

/** What can tell of its metrics, as a collector can. */
export interface DescribedMetrics {
  collect(): Promise<readonly MetricFamily[]>;
}

const COLUMNS = 24;
const SIZE = { w: 8, h: 8 };
/** Grafana 10 and later read it; older ones convert what they know of it. */
const SCHEMA_VERSION = 39;
const DATA_SOURCE = { type: 'prometheus', uid: '$datasource' };
// Grafana chooses it from the step and the data source's scrape interval.
const GRAFANA_WINDOW = '$__rate_interval';

const UNITS: Readonly<Record<Unit, string>> = {
  none: 'short',
  seconds: 's',
  bytes: 'bytes',
  ratio: 'percentunit',
  percent: 'percent',
  timestamp: 'dateTimeAsIso',
  'per-second': 'cps',
  'bytes-per-second': 'binBps',
  state: 'short',
  celsius: 'celsius',
};
const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  histogram: ['', '_bucket'],
  gaugehistogram: ['', '_bucket'],
};

/**
 * A dashboard for Grafana with the panels that the page shows: the overview, then every metric by its type. Import it there;
 * the data source is asked for, and every Prometheus that holds these metrics will do.
 *
 * Of a collector it answers a promise, because callbacks of gauges run first; of metadata, as `/api/v1/metadata` answers them
 * under `data`, the text itself. Metadata do not tell labels, so shares of errors are missing then, nor native histograms.
 *
 * Source: https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model/
 *
 * @example
 * await writeFile('dashboard.json', await grafanaDashboard(metrics, { title: 'Shop' }));
 * // {"title":"Shop","tags":["telltale"], … "panels":[{"type":"row","title":"Overview", …
 */
export function grafanaDashboard(metadata: Metadata, options?: GrafanaOptions): string;
export function grafanaDashboard(collector: DescribedMetrics, options?: GrafanaOptions): Promise<string>;
export function grafanaDashboard(
  source: Metadata | DescribedMetrics,
  options: GrafanaOptions = {},
): string | Promise<string> {
  if (isCollector(source)) {
    return source.collect().then((families) => written(describedFamilies(families), labelNamesOf(families), options));
  }
  return written(familiesIn(source), new Map(), options);
}

function isCollector(source: Metadata | DescribedMetrics): source is DescribedMetrics {
  return typeof source.collect === 'function';
}

/** Without series to go by, every family has those that its type says. */
function familiesIn(metadata: Metadata): readonly KnownFamily[] {
  const names = Object.entries(metadata).flatMap(([name, entries]) =>
    (SUFFIXES[entries[0]?.type ?? ''] ?? ['']).map((suffix) => name + suffix),
  );
  const histograms = new Set(
    Object.keys(metadata).filter((name) => SUFFIXES[metadata[name]?.[0]?.type ?? ''] !== undefined),
  );
  return knownFamilies(
    metadata,
    names.filter((name) => !histograms.has(name)),
  );
}

function written(
  families: readonly KnownFamily[],
  labels: ReadonlyMap<string, readonly string[]>,
  options: GrafanaOptions,
): string {
  const { title = 'telltale' } = options;
  const sections = [
    ['Overview', overviewPanels(families, labels)],
    ['Metrics', families.flatMap(familyPanels)],
  ] as const;
  const panels = numbered(sections);
  const dashboard = {
    title,
    tags: ['telltale'],
    schemaVersion: SCHEMA_VERSION,
    editable: true,
    refresh: '10s',
    time: { from: 'now-15m', to: 'now' },
    templating: { list: [{ name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus' }] },
    panels,
  };
  return `${JSON.stringify(dashboard, undefined, 2)}\n`;
}

function numbered(sections: readonly (readonly [title: string, panels: readonly Panel[]])[]): readonly object[] {
  const made: object[] = [];
  let y = 0;
  for (const [title, panels] of sections) {
    if (panels.length === 0) continue;
    made.push({
      id: made.length + 1,
      type: 'row',
      title,
      collapsed: false,
      panels: [],
      gridPos: { x: 0, y, w: COLUMNS, h: 1 },
    });
    y++;
    const perRow = COLUMNS / SIZE.w;
    for (const [index, panel] of panels.entries()) {
      const place = { x: (index % perRow) * SIZE.w, y: y + Math.floor(index / perRow) * SIZE.h, ...SIZE };
      made.push({ id: made.length + 1, gridPos: place, ...grafanaPanel(panel) });
    }
    y += Math.ceil(panels.length / perRow) * SIZE.h;
  }
  return made;
}

function grafanaPanel(panel: Panel): object {
  const { title, help, chart, unit, kind } = panel;
  const targets = panel.queries.map((query, index) => target(panel, query, index));
  const shared = { title, description: help, datasource: DATA_SOURCE, targets };
  const defaults = { unit: UNITS[unit], custom: { lineWidth: 1, fillOpacity: 0, showPoints: 'never' } };
  switch (chart) {
    case 'heatmap':
      // Grafana takes buckets for cumulative by the format of the query, native histograms by what they are.
      return { type: 'heatmap', ...shared, options: { calculate: false, yAxis: { unit: UNITS[unit] }, cellGap: 0 } };
    case 'labels':
      return { type: 'table', ...shared };
    default:
      return {
        type: 'timeseries',
        ...shared,
        fieldConfig: { defaults, overrides: [] },
        options: legendOf(kind !== undefined),
      };
  }
}

const legendOf = (isLong: boolean): object => ({
  legend: { displayMode: 'list', placement: 'bottom', showLegend: true },
  tooltip: { mode: isLong ? 'single' : 'multi', sort: 'desc' },
});

function target({ chart, kind, unit }: Panel, { expression, legend }: PanelQuery, index: number): object {
  // Grafana counts moments in milliseconds.
  const moment = unit === 'timestamp' ? `1000 * (${expression})` : expression;
  return {
    refId: refIdOf(index),
    datasource: DATA_SOURCE,
    expr: expanded(moment, { window: GRAFANA_WINDOW, targets: '' }),
    ...(legend === undefined ? {} : { legendFormat: legend }),
    ...(chart === 'labels' ? { format: 'table', instant: true, range: false } : { range: true }),
    ...(chart === 'heatmap' && kind === 'histogram' ? { format: 'heatmap' } : {}),
  };
}

const refIdOf = (index: number): string => (index < 26 ? String.fromCharCode(65 + index) : `Q${index}`);
