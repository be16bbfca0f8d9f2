// Histograms with 11 buckets and observations spread over all of them: without labels, with a fresh literal of three,
// and through a bound child. Every row has its own loop per library, so its own call site.
import { Histogram, Registry } from 'prom-client';
import { expectTally, type Tally } from '../harness/expect.js';
import { faster, type Library, type Row } from '../harness/row.js';
import { type Contender, recorder, recording } from '../harness/timing.js';
import { newCollector, newOpenTelemetry, openTelemetryTallyOf, promTallyOf, tallyOf } from '../libraries.js';
import { BUCKETS, bucketTotal, LABEL_NAMES, type Requests, requestsOf, sumOf } from '../workload.js';

const NAME = 'duration_seconds';
const CALLS = 10_000;
const HOT = { method: 'GET', route: '/users', status: 200 };

type Read = () => Promise<Tally>;

/** A recorder whose check compares all that a histogram exposes. */
function observer(
  library: Library,
  { series, seconds }: Requests,
  read: Read,
  loop: (passes: number) => void,
): Contender {
  const sum = sumOf(seconds);
  const buckets = bucketTotal(seconds);
  return recorder(library, loop, async (passes) => {
    const count = passes * seconds.length;
    expectTally(library, await read(), { series, sum: passes * sum, count, buckets: passes * buckets });
  });
}

function ownPlain(requests: Requests): Contender {
  const metrics = newCollector();
  const histogram = metrics.histogram(NAME, { buckets: BUCKETS });
  const { seconds } = requests;
  return observer(
    'telltale',
    requests,
    () => tallyOf(metrics, NAME),
    (passes) => {
      for (let pass = 0; pass < passes; pass++) {
        for (let i = 0; i < seconds.length; i++) histogram.observe(seconds[i]!);
      }
    },
  );
}

function promPlain(requests: Requests): Contender {
  const histogram = new Histogram({ name: NAME, help: 'Duration', buckets: [...BUCKETS], registers: [new Registry()] });
  const { seconds } = requests;
  return observer(
    'prom-client',
    requests,
    () => promTallyOf(histogram),
    (passes) => {
      for (let pass = 0; pass < passes; pass++) {
        for (let i = 0; i < seconds.length; i++) histogram.observe(seconds[i]!);
      }
    },
  );
}

function openTelemetryPlain(requests: Requests): Contender {
  const library = newOpenTelemetry();
  const histogram = library.meter.createHistogram(NAME, { advice: { explicitBucketBoundaries: [...BUCKETS] } });
  const { seconds } = requests;
  return observer(
    'OpenTelemetry',
    requests,
    () => openTelemetryTallyOf(library, NAME),
    (passes) => {
      for (let pass = 0; pass < passes; pass++) {
        for (let i = 0; i < seconds.length; i++) histogram.record(seconds[i]!);
      }
    },
  );
}

function ownLabelled(requests: Requests): Contender {
  const metrics = newCollector();
  const histogram = metrics.histogram(NAME, { buckets: BUCKETS, labelNames: LABEL_NAMES });
  const { methods, routes, statuses, seconds, length } = requests;
  return observer(
    'telltale',
    requests,
    () => tallyOf(metrics, NAME),
    (passes) => {
      for (let pass = 0; pass < passes; pass++) {
        for (let i = 0; i < length; i++) {
          histogram.observe(seconds[i]!, { method: methods[i]!, route: routes[i]!, status: statuses[i]! });
        }
      }
    },
  );
}

function promLabelled(requests: Requests): Contender {
  const options = { name: NAME, help: 'Duration', buckets: [...BUCKETS], registers: [new Registry()] };
  const histogram = new Histogram({ ...options, labelNames: LABEL_NAMES });
  const { methods, routes, statuses, seconds, length } = requests;
  return observer(
    'prom-client',
    requests,
    () => promTallyOf(histogram),
    (passes) => {
      for (let pass = 0; pass < passes; pass++) {
        for (let i = 0; i < length; i++) {
          histogram.observe({ method: methods[i]!, route: routes[i]!, status: statuses[i]! }, seconds[i]!);
        }
      }
    },
  );
}

function openTelemetryLabelled(requests: Requests): Contender {
  const library = newOpenTelemetry();
  const histogram = library.meter.createHistogram(NAME, { advice: { explicitBucketBoundaries: [...BUCKETS] } });
  const { methods, routes, statuses, seconds, length } = requests;
  return observer(
    'OpenTelemetry',
    requests,
    () => openTelemetryTallyOf(library, NAME),
    (passes) => {
      for (let pass = 0; pass < passes; pass++) {
        for (let i = 0; i < length; i++) {
          histogram.record(seconds[i]!, { method: methods[i]!, route: routes[i]!, status: statuses[i]! });
        }
      }
    },
  );
}

function ownBound(requests: Requests): Contender {
  const metrics = newCollector();
  const child = metrics.histogram(NAME, { buckets: BUCKETS, labelNames: LABEL_NAMES }).labels(HOT);
  const { seconds } = requests;
  return observer(
    'telltale',
    requests,
    () => tallyOf(metrics, NAME),
    (passes) => {
      for (let pass = 0; pass < passes; pass++) {
        for (let i = 0; i < seconds.length; i++) child.observe(seconds[i]!);
      }
    },
  );
}

function promBound(requests: Requests): Contender {
  const options = { name: NAME, help: 'Duration', buckets: [...BUCKETS], registers: [new Registry()] };
  const histogram = new Histogram({ ...options, labelNames: LABEL_NAMES });
  const child = histogram.labels(HOT);
  const { seconds } = requests;
  return observer(
    'prom-client',
    requests,
    () => promTallyOf(histogram),
    (passes) => {
      for (let pass = 0; pass < passes; pass++) {
        for (let i = 0; i < seconds.length; i++) child.observe(seconds[i]!);
      }
    },
  );
}

/** The contenders of a row, all given the same requests. */
function given(series: number, makers: readonly ((requests: Requests) => Contender)[]): () => readonly Contender[] {
  return () => {
    const requests = requestsOf(series);
    return makers.map((make) => make(requests));
  };
}

export const histogramRows: readonly Row[] = [
  recording({
    id: 'histogram-unlabelled',
    title: '`histogram.observe(v)`, 11 buckets, spread values',
    targets: [faster('prom-client', 30), faster('OpenTelemetry', 20)],
    operations: CALLS,
    contenders: given(1, [ownPlain, promPlain, openTelemetryPlain]),
  }),
  recording({
    id: 'histogram-10k-series',
    title: '`histogram.observe(v, {3 labels})`, 10k series',
    targets: [faster('prom-client', 20), faster('OpenTelemetry', 25)],
    operations: CALLS,
    contenders: given(CALLS, [ownLabelled, promLabelled, openTelemetryLabelled]),
  }),
  recording({
    id: 'histogram-bound',
    title: 'bound histogram child',
    targets: [faster('prom-client', 80)],
    operations: CALLS,
    contenders: given(1, [ownBound, promBound]),
  }),
];
