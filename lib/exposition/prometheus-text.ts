// The classic Prometheus text format, version 0.0.4.
// Source: https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
import type { MetricType } from '../model/family.js';
import { escapeClassicHelp, metricNameText } from './escape.js';
import { plainNumber } from './numbers.js';
import { seriesLines } from './series-lines.js';
import type { TextFormat } from './text-format.js';

/**
 * The format knows five types; the others of OpenMetrics are gauges to it. Only the newest readers know gauge histograms,
 * and all others refuse the whole text: as histograms their buckets stay what they are.
 */
const TYPE_NAMES: Readonly<Record<MetricType, string>> = {
  counter: 'counter',
  gauge: 'gauge',
  histogram: 'histogram',
  gaugehistogram: 'histogram',
  summary: 'summary',
  info: 'gauge',
  stateset: 'gauge',
  unknown: 'untyped',
};

/** Names are shown as given, and nothing tells when a series was created. */
export const prometheusText: TextFormat = {
  header({ descriptor }) {
    const { type, description } = descriptor;
    const name = metricNameText(descriptor.name);
    const help = description === '' ? '' : `# HELP ${name} ${escapeClassicHelp(description)}\n`;
    return `${help}# TYPE ${name} ${TYPE_NAMES[type]}\n`;
  },
  lines({ descriptor }) {
    const { name } = descriptor;
    return seriesLines(descriptor, {
      base: name,
      single: name,
      labelNumber: plainNumber,
      totals: true,
      gaugeTotals: '',
      created: false,
      exemplars: false,
      negativeSummaries: true,
    });
  },
  end: '',
};
