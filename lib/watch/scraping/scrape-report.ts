// What Prometheus itself says of every scrape, as series of the target: whether it is up, how long it took, how much it gave.
import type { FamilyDescriptor, MetricFamily, SeriesBlock } from '../../model/family.js';
import type { Target } from './target.js';

/** How one scrape went. */
export interface ScrapeReport {
  readonly isUp: boolean;
  readonly durationSeconds: number;
  readonly sampleCount: number;
  readonly addedCount: number;
}

const gauge = (name: string, description: string, unit = ''): FamilyDescriptor => ({
  name,
  description,
  unit,
  type: 'gauge',
});

/** Source: https://prometheus.io/docs/concepts/jobs_instances/#automatically-generated-labels-and-time-series */
const FIGURES: readonly (readonly [FamilyDescriptor, (report: ScrapeReport) => number])[] = [
  [gauge('up', 'Whether the last scrape succeeded.'), ({ isUp }) => (isUp ? 1 : 0)],
  [gauge('scrape_duration_seconds', 'How long the scrape took.', 'seconds'), ({ durationSeconds }) => durationSeconds],
  [gauge('scrape_samples_scraped', 'How many samples the target exposed.'), ({ sampleCount }) => sampleCount],
  [
    gauge('scrape_samples_post_metric_relabeling', 'How many of the samples were kept: nothing is relabelled here.'),
    ({ sampleCount }) => sampleCount,
  ],
  [gauge('scrape_series_added', 'How many series were not in the scrape before.'), ({ addedCount }) => addedCount],
];

const NO_TIMES = new Float64Array([Number.NaN]);

/** Makes the families of one target's reports, with the same label columns each time. */
export function reporterFor({
  instance,
  job,
}: Pick<Target, 'instance' | 'job'>): (report: ScrapeReport) => readonly MetricFamily[] {
  const labels = {
    size: 1,
    live: undefined,
    dictionaries: [],
    labelIds: new Int32Array(0),
    constantLabels: [
      ['instance', instance],
      ['job', job],
    ],
    width: 1,
    createdMs: NO_TIMES,
  } as const;
  return (report) =>
    FIGURES.map(([descriptor, figure]) => {
      const blocks: readonly SeriesBlock[] = [{ ...labels, values: new Float64Array([figure(report)]) }];
      return { descriptor, observedNegative: false, blocks: () => blocks };
    });
}
