// The text of metrics that are plain objects: what others register in the place of a metric, and what workers sent. Few and
// small, so that a string is put together sample by sample.
import { escapeClassicHelp, escapeQuoted, labelText } from '../../exposition/escape.js';
import { plainNumber } from '../../exposition/numbers.js';
import { openMetricsBase } from './text-formats.js';
import type { ExemplarObject, PlainMetric, SampleObject } from './values.js';

export interface ObjectTextOptions {
  readonly openMetrics: boolean;
  readonly defaultLabels: Readonly<Record<string, unknown>>;
}

/** A metric's lines, each with its line feed. */
export function objectText(metric: PlainMetric, { openMetrics, defaultLabels }: ObjectTextOptions): string {
  const name = escapeClassicHelp(openMetrics ? openMetricsBase(metric) : metric.name);
  const helpText = openMetrics ? escapeQuoted : escapeClassicHelp;
  const single = openMetrics && metric.type === 'counter' ? `${name}_total` : name;
  const lines = [`# HELP ${name} ${helpText(metric.help)}`, `# TYPE ${name} ${metric.type}`];
  for (const sample of metric.values ?? []) {
    const labels = { ...sample.labels, ...defaultLabels, ...sample.labels };
    const tail = openMetrics && sample.exemplar ? exemplarText(sample.exemplar) : '';
    lines.push(`${sample.metricName ?? single}${labelsText(labels)} ${numberText(sample)}${tail}`);
  }
  return `${lines.join('\n')}\n`;
}

function numberText({ value }: SampleObject): string {
  return typeof value === 'number' ? plainNumber(value) : plainNumber(Number(value));
}

function labelsText(labels: Readonly<Record<string, unknown>>): string {
  const pairs = Object.entries(labels)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => labelText(name, String(value)));
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function exemplarText({ labelSet, value, timestamp }: ExemplarObject): string {
  const pairs = Object.entries(labelSet).map(([name, text]) => labelText(name, String(text)));
  return ` # {${pairs.join(',')}} ${plainNumber(value)}${timestamp === undefined ? '' : ` ${plainNumber(timestamp)}`}`;
}
