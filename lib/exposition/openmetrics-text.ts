// OpenMetrics text, version 1.0.
// Source: https://prometheus.io/docs/specs/om/open_metrics_spec/
import { type FamilyDescriptor, type MetricFamily, rowWidth } from '../model/family.js';
import { escapeOpenMetricsHelp } from './escape.js';
import { canonicalNumber } from './numbers.js';
import { seriesLines } from './series-lines.js';
import type { TextFormat } from './text-format.js';

const SAMPLE_SUFFIXES: Readonly<Record<string, string>> = { counter: '_total', info: '_info' };

/** Families are named without the suffix of their samples, and series tell when they were created. */
export const openMetricsText: TextFormat = {
  header({ descriptor }) {
    const name = familyName(descriptor);
    const unit = unitOf(descriptor, name);
    const unitLine = unit === '' ? '' : `# UNIT ${name} ${unit}\n`;
    const help =
      descriptor.description === '' ? '' : `# HELP ${name} ${escapeOpenMetricsHelp(descriptor.description)}\n`;
    return `# TYPE ${name} ${descriptor.type}\n${unitLine}${help}`;
  },
  lines(family) {
    const { descriptor } = family;
    const base = familyName(descriptor);
    const single = base + (SAMPLE_SUFFIXES[descriptor.type] ?? '');
    const lines = seriesLines(descriptor, { base, single, labelNumber: canonicalNumber, totals: hasTotals(family) });
    return isCumulative(descriptor) ? [...lines, { name: `${base}_created`, cell: rowWidth(descriptor) }] : lines;
  },
  // Of a summary, the format allows no negative number, be it a quantile or the sum.
  hidesNegatives: ({ descriptor }) => descriptor.type === 'summary',
  end: '# EOF\n',
};

function familyName({ name, type }: FamilyDescriptor): string {
  const suffix = SAMPLE_SUFFIXES[type];
  if (suffix === undefined || !name.endsWith(suffix) || name === suffix) return name;
  return name.slice(0, -suffix.length);
}

/** Info and state sets have no unit, and a unit that is not the name's suffix makes readers refuse the whole text. */
function unitOf({ type, unit }: FamilyDescriptor, name: string): string {
  return type === 'info' || type === 'stateset' || !name.endsWith(`_${unit}`) ? '' : unit;
}

/** A sum that may fall is no counter, so that the format has neither sum nor count beside negative observations. */
function hasTotals({ descriptor, observedNegative }: MetricFamily): boolean {
  return descriptor.type !== 'histogram' || !(observedNegative || (descriptor.upperBounds[0] ?? 0) < 0);
}

function isCumulative({ type }: FamilyDescriptor): boolean {
  return type === 'counter' || type === 'histogram' || type === 'summary';
}
