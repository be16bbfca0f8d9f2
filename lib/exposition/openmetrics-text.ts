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
    const name = metricNameText(familyName(descriptor));
    const shown = unitOf(descriptor);
    const unit = shown === '' ? '' : `# UNIT ${name} ${shown}\n`;
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

/**
 * The unit, or an empty text where it cannot be shown: info and state sets have none, and one that is not the name's suffix
 * makes readers refuse everything.
 */
export function unitOf(descriptor: FamilyDescriptor): string {
  const { type, unit } = descriptor;
  const fits = unit !== '' && type !== 'info' && type !== 'stateset' && familyName(descriptor).endsWith(`_${unit}`);
  return fits ? unit : '';
}

/** A sum that may fall is no counter, and readers refuse a count without the sum: both are missing beside negative values. */
function hasTotals({ descriptor, observedNegative }: MetricFamily): boolean {
  if (descriptor.type === 'gaugehistogram') return !observedNegative;
  return descriptor.type !== 'histogram' || !(observedNegative || (descriptor.upperBounds[0] ?? 0) < 0);
}
