// Which names a family takes up, whatever the format. In the model, because definitions must not clash where they are made,
// and escaped names must not clash where they are shown.
import type { MetricType } from './family.js';

/** The family's name in OpenMetrics, which is without the suffix that its samples get. */
export function openMetricsName(name: string, type: MetricType): string {
  if (type === 'counter') return name.replace(/_total$/, '');
  return type === 'info' ? name.replace(/_info$/, '') : name;
}

/** Every name that a family's samples, or the family itself, take up in any format. */
export function claimedNames(name: string, type: MetricType): readonly string[] {
  const family = openMetricsName(name, type);
  const suffixed = (...suffixes: string[]) => [
    ...new Set([name, family, ...suffixes.map((suffix) => family + suffix)]),
  ];
  switch (type) {
    case 'counter':
      return suffixed('_total', '_created');
    case 'histogram':
      return suffixed('_bucket', '_count', '_sum', '_created');
    case 'summary':
      return suffixed('_count', '_sum', '_created');
    case 'info':
      return suffixed('_info');
    default:
      return [name];
  }
}
