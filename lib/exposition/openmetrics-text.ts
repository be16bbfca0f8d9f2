// OpenMetrics text, version 1.0.
// Source: https://prometheus.io/docs/specs/om/open_metrics_spec/
import type { FamilyDescriptor, MetricFamily, MetricType } from '../model/family.js';
import { escapeQuoted, metricNameText } from './escape.js';
import { canonicalNumber } from './numbers.js';
import { seriesLines } from './series-lines.js';
import type { TextFormat } from './text-format.js';

/** Suffixes that samples have and their family has not. */
const SAMPLE_SUFFIXES: Readonly<Partial<Record<MetricType, string>>> = { counter: '_total', info: '_info' };

/** Families are named without the suffix of their samples, and series tell when they were created. */
export const openMetricsText: TextFormat = {
  header({ descriptor }) {
    const { type, description } = descriptor;
    const family = familyName(descriptor);
    const name = metricNameText(family);
    const unit = hasUnit(descriptor, family) ? `# UNIT ${name} ${descriptor.unit}\n` : '';
    const help = description === '' ? '' : `# HELP ${name} ${escapeQuoted(description)}\n`;
    return `# TYPE ${name} ${type}\n${unit}${help}`;
  },
  lines(family) {
    const { descriptor } = family;
    const base = familyName(descriptor);
    return seriesLines(descriptor, {
      base,
      single: base + (SAMPLE_SUFFIXES[descriptor.type] ?? ''),
      labelNumber: canonicalNumber,
      totals: hasTotals(family),
      gaugeTotals: 'g',
      created: true,
      exemplars: true,
      negativeSummaries: false,
    });
  },
  end: '# EOF\n',
};

function familyName({ name, type }: FamilyDescriptor): string {
  const suffix = SAMPLE_SUFFIXES[type];
  if (suffix === undefined || !name.endsWith(suffix) || name === suffix) return name;
  return name.slice(0, -suffix.length);
}

/** Info and state sets have no unit, and a unit that is not the name's suffix makes readers refuse the whole text. */
function hasUnit({ type, unit }: FamilyDescriptor, name: string): boolean {
  return unit !== '' && type !== 'info' && type !== 'stateset' && name.endsWith(`_${unit}`);
}

/** A sum that may fall is no counter, and readers refuse a count without the sum: both are missing beside negative values. */
function hasTotals({ descriptor, observedNegative }: MetricFamily): boolean {
  if (descriptor.type === 'gaugehistogram') return !observedNegative;
  return descriptor.type !== 'histogram' || !(observedNegative || (descriptor.upperBounds[0] ?? 0) < 0);
}
