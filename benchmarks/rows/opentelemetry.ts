// Recording through OpenTelemetry's API, as instrumented libraries do: the same calls on telltale's provider and on the SDK's. The
// attributes have names with points, and are given as a literal that is new every time.
import type { Counter, Histogram, Meter } from '@opentelemetry/api';
import { TelltaleMeterProvider } from 'telltale/opentelemetry';
import { expectTally } from '../harness/expect.js';
import { faster, type Row } from '../harness/row.js';
import { type Contender, recorder, timed } from '../harness/timing.js';
import { newCollector, newOpenTelemetry, openTelemetryTallyOf, tallyOf } from '../libraries.js';
import { BUCKETS, bucketTotal, type Requests, requestsOf, sumOf } from '../workload.js';

type Loop<I> = (instrument: I, requests: Requests, passes: number) => void;

// A function each, so that neither library has to share what the engine learns of its call site.
const ownAdds: Loop<Counter> = (counter, { methods, routes, statuses, length }, passes) => {
  for (let pass = 0; pass < passes; pass++) {
    for (let i = 0; i < length; i++) {
      counter.add(1, {
        'http.request.method': methods[i]!,
        'http.route': routes[i]!,
        'http.response.status_code': statuses[i]!,
      });
    }
  }
};

const theirAdds: Loop<Counter> = (counter, { methods, routes, statuses, length }, passes) => {
  for (let pass = 0; pass < passes; pass++) {
    for (let i = 0; i < length; i++) {
      counter.add(1, {
        'http.request.method': methods[i]!,
        'http.route': routes[i]!,
        'http.response.status_code': statuses[i]!,
      });
    }
  }
};

const ownRecords: Loop<Histogram> = (histogram, { methods, routes, statuses, seconds, length }, passes) => {
  for (let pass = 0; pass < passes; pass++) {
    for (let i = 0; i < length; i++) {
      histogram.record(seconds[i]!, {
        'http.request.method': methods[i]!,
        'http.route': routes[i]!,
        'http.response.status_code': statuses[i]!,
      });
    }
  }
};

const theirRecords: Loop<Histogram> = (histogram, { methods, routes, statuses, seconds, length }, passes) => {
  for (let pass = 0; pass < passes; pass++) {
    for (let i = 0; i < length; i++) {
      histogram.record(seconds[i]!, {
        'http.request.method': methods[i]!,
        'http.route': routes[i]!,
        'http.response.status_code': statuses[i]!,
      });
    }
  }
};

const requests = requestsOf(10_000);
const advice = { explicitBucketBoundaries: [...BUCKETS] };

/** Both libraries doing the same with an instrument of their own. */
function contenders<I>(
  make: (meter: Meter) => I,
  loops: { readonly own: Loop<I>; readonly their: Loop<I> },
  names: { readonly own: string; readonly their: string; readonly isHistogram: boolean },
): readonly Contender[] {
  const collector = newCollector();
  const own = make(new TelltaleMeterProvider({ collector }).getMeter('benchmarks'));
  const library = newOpenTelemetry();
  const their = make(library.meter);
  const expected = (passes: number) => ({
    series: requests.series,
    sum: passes * (names.isHistogram ? sumOf(requests.seconds) : requests.length),
    count: names.isHistogram ? passes * requests.length : 0,
    buckets: names.isHistogram ? passes * bucketTotal(requests.seconds) : 0,
  });
  return [
    recorder(
      'telltale',
      (passes) => loops.own(own, requests, passes),
      async (passes) => expectTally('telltale', await tallyOf(collector, names.own), expected(passes)),
    ),
    recorder(
      'OpenTelemetry',
      (passes) => loops.their(their, requests, passes),
      async (passes) =>
        expectTally('OpenTelemetry', await openTelemetryTallyOf(library, names.their), expected(passes)),
    ),
  ];
}

export const openTelemetryRows: readonly Row[] = [
  timed({
    id: 'otel-add-10k-series',
    title: "`add(1, {3 attributes})` of OpenTelemetry's API, 10k series",
    targets: [faster('OpenTelemetry', 15)],
    operations: requests.length,
    contenders: () =>
      contenders<Counter>(
        (meter) => meter.createCounter('otel.adds'),
        { own: ownAdds, their: theirAdds },
        {
          own: 'otel_adds_total',
          their: 'otel.adds',
          isHistogram: false,
        },
      ),
  }),
  timed({
    id: 'otel-record-10k-series',
    title: "`record(v, {3 attributes})` of OpenTelemetry's API, 10k series",
    targets: [faster('OpenTelemetry', 15)],
    operations: requests.length,
    contenders: () =>
      contenders<Histogram>(
        (meter) => meter.createHistogram('otel.records', { unit: 's', advice }),
        { own: ownRecords, their: theirRecords },
        { own: 'otel_records_seconds', their: 'otel.records', isHistogram: true },
      ),
  }),
];
