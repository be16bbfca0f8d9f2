// Recordings that look for an active span where none is active, beside the same recordings with exemplars off ("by hand" in
// the table). OpenTelemetry's context manager is there, as in a program that is traced.
import { context } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { type Counter, type Histogram, MetricsCollector } from 'telltale';
import { expectTally, type Tally } from '../harness/expect.js';
import { type Row, share } from '../harness/row.js';
import { type Contender, recorder, recording } from '../harness/timing.js';
import { tallyOf } from '../libraries.js';
import { BUCKETS, bucketTotal, LABEL_NAMES, type Requests, requestsOf, sumOf } from '../workload.js';

const NAME = 'traced';
const CALLS = 10_000;
/** What looking for spans may cost where there are none, times a recording without. */
const MOST = 1.3;

type LabelName = (typeof LABEL_NAMES)[number];

/** What is measured, with exemplars on and off alike. */
interface Subject {
  readonly id: string;
  readonly title: string;
  readonly series: number;
  readonly isHistogram: boolean;
  /** Defines the metric, and answers the loop over all requests. */
  define(metrics: MetricsCollector, requests: Requests): () => void;
}

function labelsAt({ methods, routes, statuses }: Requests, i: number) {
  return { method: methods[i]!, route: routes[i]!, status: statuses[i]! };
}

const counterOf = (metrics: MetricsCollector): Counter<LabelName> => metrics.counter(NAME, { labelNames: LABEL_NAMES });
const histogramOf = (metrics: MetricsCollector): Histogram<LabelName> =>
  metrics.histogram(NAME, { buckets: BUCKETS, labelNames: LABEL_NAMES });

const subjects: readonly Subject[] = [
  {
    id: 'exemplars-counter-bound',
    title: 'bound child `increment()`, 10k children',
    series: CALLS,
    isHistogram: false,
    define: (metrics, requests) => {
      const counter = counterOf(metrics);
      const children = requests.methods.map((_, i) => counter.labels(labelsAt(requests, i)));
      return () => {
        for (let i = 0; i < CALLS; i++) children[i]!.increment();
      };
    },
  },
  {
    id: 'exemplars-counter-unlabelled',
    title: '`increment()` without labels',
    series: 1,
    isHistogram: false,
    define: (metrics) => {
      const counter = metrics.counter(NAME);
      return () => {
        for (let i = 0; i < CALLS; i++) counter.increment();
      };
    },
  },
  {
    id: 'exemplars-counter-labelled',
    title: '`increment(1, {3 labels})`, 10k series',
    series: CALLS,
    isHistogram: false,
    define: (metrics, { methods, routes, statuses }) => {
      const counter = counterOf(metrics);
      return () => {
        for (let i = 0; i < CALLS; i++) {
          counter.increment(1, { method: methods[i]!, route: routes[i]!, status: statuses[i]! });
        }
      };
    },
  },
  {
    id: 'exemplars-histogram-bound',
    title: 'bound histogram child',
    series: 1,
    isHistogram: true,
    define: (metrics, requests) => {
      const child = histogramOf(metrics).labels(labelsAt(requests, 0));
      const { seconds } = requests;
      return () => {
        for (let i = 0; i < CALLS; i++) child.observe(seconds[i]!);
      };
    },
  },
  {
    id: 'exemplars-histogram-labelled',
    title: '`observe(v, {3 labels})`, 10k series',
    series: CALLS,
    isHistogram: true,
    define: (metrics, { methods, routes, statuses, seconds }) => {
      const histogram = histogramOf(metrics);
      return () => {
        for (let i = 0; i < CALLS; i++) {
          histogram.observe(seconds[i]!, { method: methods[i]!, route: routes[i]!, status: statuses[i]! });
        }
      };
    },
  },
];

/** What the metric has to hold after so many passes. */
function expected({ series, isHistogram }: Subject, { seconds }: Requests, passes: number): Tally {
  if (!isHistogram) return { series, sum: passes * CALLS, count: 0, buckets: 0 };
  return { series, sum: passes * sumOf(seconds), count: passes * CALLS, buckets: passes * bucketTotal(seconds) };
}

function contendersOf(subject: Subject): readonly Contender[] {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const requests = requestsOf(subject.series);
  return [true, false].map((exemplars) => {
    const library = exemplars ? 'telltale' : 'by hand';
    const metrics = new MetricsCollector({ exemplars, limits: { maxSeriesPerMetric: CALLS } });
    const recordAll = subject.define(metrics, requests);
    const contender = recorder(
      library,
      (passes) => {
        for (let pass = 0; pass < passes; pass++) recordAll();
      },
      async (passes) => expectTally(library, await tallyOf(metrics, NAME), expected(subject, requests, passes)),
    );
    return { ...contender, close: async () => context.disable() };
  });
}

export const exemplarRows: readonly Row[] = subjects.map((subject) =>
  recording({
    id: subject.id,
    title: `${subject.title}, exemplars on, no span (by hand: off)`,
    targets: [share('by hand', MOST)],
    operations: CALLS,
    contenders: () => contendersOf(subject),
  }),
);
