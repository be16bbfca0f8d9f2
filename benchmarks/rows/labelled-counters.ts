// Counters whose series is found by the labels of each call, given as a literal that is new every time. The rows over 1,
// 100 and 10 000 series share one loop per library, so one call site; the row with a concatenated label has its own.
import { Counter, Registry } from 'prom-client';
import { expectTally } from '../harness/expect.js';
import { faster, type Row } from '../harness/row.js';
import { type Contender, recorder, recording } from '../harness/timing.js';
import { newCollector, newOpenTelemetry, openTelemetryTallyOf, promTallyOf, tallyOf } from '../libraries.js';
import { LABEL_NAMES, type Requests, requestsOf } from '../workload.js';

type Loop<C> = (counter: C, requests: Requests, passes: number) => void;

interface OwnCounter {
  increment(amount: number, labels: { method: string; route: string; status: number }): void;
}
interface PromCounter {
  inc(labels: { method: string; route: string; status: number }, amount: number): void;
}
interface OpenTelemetryCounter {
  add(amount: number, labels: { method: string; route: string; status: number }): void;
}

const ownLoop: Loop<OwnCounter> = (counter, { methods, routes, statuses, length }, passes) => {
  for (let pass = 0; pass < passes; pass++) {
    for (let i = 0; i < length; i++) {
      counter.increment(1, { method: methods[i]!, route: routes[i]!, status: statuses[i]! });
    }
  }
};

const promLoop: Loop<PromCounter> = (counter, { methods, routes, statuses, length }, passes) => {
  for (let pass = 0; pass < passes; pass++) {
    for (let i = 0; i < length; i++) {
      counter.inc({ method: methods[i]!, route: routes[i]!, status: statuses[i]! }, 1);
    }
  }
};

const openTelemetryLoop: Loop<OpenTelemetryCounter> = (counter, { methods, routes, statuses, length }, passes) => {
  for (let pass = 0; pass < passes; pass++) {
    for (let i = 0; i < length; i++) {
      counter.add(1, { method: methods[i]!, route: routes[i]!, status: statuses[i]! });
    }
  }
};

// Half of the route is new text in every call, as where a path is put together instead of taken from the router.
const ownConcatenating: Loop<OwnCounter> = (counter, { methods, routes, statuses, length }, passes) => {
  for (let pass = 0; pass < passes; pass++) {
    for (let i = 0; i < length; i++) {
      counter.increment(1, { method: methods[i]!, route: `/shop${routes[i]!}`, status: statuses[i]! });
    }
  }
};

const promConcatenating: Loop<PromCounter> = (counter, { methods, routes, statuses, length }, passes) => {
  for (let pass = 0; pass < passes; pass++) {
    for (let i = 0; i < length; i++) {
      counter.inc({ method: methods[i]!, route: `/shop${routes[i]!}`, status: statuses[i]! }, 1);
    }
  }
};

const openTelemetryConcatenating: Loop<OpenTelemetryCounter> = (counter, requests, passes) => {
  const { methods, routes, statuses, length } = requests;
  for (let pass = 0; pass < passes; pass++) {
    for (let i = 0; i < length; i++) {
      counter.add(1, { method: methods[i]!, route: `/shop${routes[i]!}`, status: statuses[i]! });
    }
  }
};

interface Loops {
  readonly own: Loop<OwnCounter>;
  readonly prom: Loop<PromCounter>;
  readonly openTelemetry: Loop<OpenTelemetryCounter>;
}

const withLiterals: Loops = { own: ownLoop, prom: promLoop, openTelemetry: openTelemetryLoop };
const concatenating: Loops = {
  own: ownConcatenating,
  prom: promConcatenating,
  openTelemetry: openTelemetryConcatenating,
};

function contendersOf(name: string, requests: Requests, loops: Loops): readonly Contender[] {
  const metrics = newCollector();
  const own = metrics.counter(name, { labelNames: LABEL_NAMES });
  const prom = new Counter({ name, help: 'Requests', labelNames: LABEL_NAMES, registers: [new Registry()] });
  const library = newOpenTelemetry();
  const openTelemetry = library.meter.createCounter(name);
  const expected = (passes: number) => ({
    series: requests.series,
    sum: passes * requests.length,
    count: 0,
    buckets: 0,
  });
  return [
    recorder(
      'telltale',
      (passes) => loops.own(own, requests, passes),
      async (passes) => expectTally('telltale', await tallyOf(metrics, name), expected(passes)),
    ),
    recorder(
      'prom-client',
      (passes) => loops.prom(prom, requests, passes),
      async (passes) => expectTally('prom-client', await promTallyOf(prom), expected(passes)),
    ),
    recorder(
      'OpenTelemetry',
      (passes) => loops.openTelemetry(openTelemetry, requests, passes),
      async (passes) => expectTally('OpenTelemetry', await openTelemetryTallyOf(library, name), expected(passes)),
    ),
  ];
}

const CALLS = 10_000;

export const labelledCounterRows: readonly Row[] = [
  recording({
    id: 'counter-hot-series',
    title: '`increment(1, {3 labels})`, fresh literal, 1 hot series',
    targets: [faster('prom-client', 40), faster('OpenTelemetry', 150)],
    operations: CALLS,
    contenders: () => contendersOf('hot_total', requestsOf(1), withLiterals),
  }),
  recording({
    id: 'counter-100-series',
    title: 'the same over 100 series',
    targets: [faster('prom-client', 10), faster('OpenTelemetry', 30)],
    operations: CALLS,
    contenders: () => contendersOf('hundred_total', requestsOf(100), withLiterals),
  }),
  recording({
    id: 'counter-10k-series',
    title: 'the same over 10k series',
    targets: [faster('prom-client', 12), faster('OpenTelemetry', 35)],
    operations: CALLS,
    contenders: () => contendersOf('requests_total', requestsOf(10_000), withLiterals),
  }),
  recording({
    id: 'counter-concatenated',
    title: 'the same, one label value concatenated per call',
    targets: [faster('prom-client', 2.5), faster('OpenTelemetry', 7)],
    operations: CALLS,
    contenders: () => contendersOf('concatenated_total', requestsOf(10_000), concatenating),
  }),
];
