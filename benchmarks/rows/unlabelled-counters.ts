// Counters whose series is known before the call: bound children, and a metric without labels. Every library has its
// own loop per row, so its own call site; what it does inside is shared by all rows, as in a program that uses them all.
import { Counter, Registry } from 'prom-client';
import { expectTally } from '../harness/expect.js';
import { faster, type Row } from '../harness/row.js';
import { type Contender, recorder, recording } from '../harness/timing.js';
import { newCollector, newOpenTelemetry, openTelemetryTallyOf, promTallyOf, tallyOf } from '../libraries.js';
import { LABEL_NAMES, type Requests, requestsOf } from '../workload.js';

const SERIES = 10_000;
/** In turn, because a loop over a single one could be turned into a loop over a register. */
const COUNTERS = 8;
const CALLS = 10_000;

const expected = (series: number, sum: number) => ({ series, sum, count: 0, buckets: 0 });

function ownChildren({ methods, routes, statuses, length }: Requests): Contender {
  const metrics = newCollector();
  const counter = metrics.counter('bound_total', { labelNames: LABEL_NAMES });
  const children = methods.map((method, i) => counter.labels({ method, route: routes[i]!, status: statuses[i]! }));
  const loop = (passes: number) => {
    for (let pass = 0; pass < passes; pass++) {
      for (let i = 0; i < length; i++) children[i]!.increment();
    }
  };
  return recorder('telltale', loop, async (passes) => {
    expectTally('telltale', await tallyOf(metrics, 'bound_total'), expected(SERIES, passes * length));
  });
}

function promChildren({ methods, routes, statuses, length }: Requests): Contender {
  const counter = new Counter({
    name: 'bound_total',
    help: 'Bound',
    labelNames: LABEL_NAMES,
    registers: [new Registry()],
  });
  const children = methods.map((method, i) => counter.labels({ method, route: routes[i]!, status: statuses[i]! }));
  const loop = (passes: number) => {
    for (let pass = 0; pass < passes; pass++) {
      for (let i = 0; i < length; i++) children[i]!.inc();
    }
  };
  return recorder('prom-client', loop, async (passes) => {
    expectTally('prom-client', await promTallyOf(counter), expected(SERIES, passes * length));
  });
}

const bound = recording({
  id: 'counter-bound',
  title: 'bound child `increment()`, 10k children in turn',
  targets: [faster('prom-client', 100)],
  operations: SERIES,
  contenders: () => {
    const requests = requestsOf(SERIES);
    return [ownChildren(requests), promChildren(requests)];
  },
});

function ownPlain(): Contender {
  const metrics = newCollector();
  const counters = Array.from({ length: COUNTERS }, (_, i) => metrics.counter(`plain_${i}_total`));
  const loop = (passes: number) => {
    for (let pass = 0; pass < passes; pass++) {
      for (let i = 0; i < CALLS; i++) counters[i % COUNTERS]!.increment();
    }
  };
  return recorder('telltale', loop, async (passes) => {
    const one = expected(1, (passes * CALLS) / COUNTERS);
    for (let i = 0; i < COUNTERS; i++) expectTally('telltale', await tallyOf(metrics, `plain_${i}_total`), one);
  });
}

function promPlain(): Contender {
  const registers = [new Registry()];
  const counters = Array.from(
    { length: COUNTERS },
    (_, i) => new Counter({ name: `plain_${i}_total`, help: 'Plain', registers }),
  );
  const loop = (passes: number) => {
    for (let pass = 0; pass < passes; pass++) {
      for (let i = 0; i < CALLS; i++) counters[i % COUNTERS]!.inc();
    }
  };
  return recorder('prom-client', loop, async (passes) => {
    const one = expected(1, (passes * CALLS) / COUNTERS);
    for (const counter of counters) expectTally('prom-client', await promTallyOf(counter), one);
  });
}

function openTelemetryPlain(): Contender {
  const library = newOpenTelemetry();
  const counters = Array.from({ length: COUNTERS }, (_, i) => library.meter.createCounter(`plain_${i}_total`));
  const loop = (passes: number) => {
    for (let pass = 0; pass < passes; pass++) {
      for (let i = 0; i < CALLS; i++) counters[i % COUNTERS]!.add(1);
    }
  };
  return recorder('OpenTelemetry', loop, async (passes) => {
    const one = expected(1, (passes * CALLS) / COUNTERS);
    for (let i = 0; i < COUNTERS; i++) {
      expectTally('OpenTelemetry', await openTelemetryTallyOf(library, `plain_${i}_total`), one);
    }
  });
}

const plain = recording({
  id: 'counter-unlabelled',
  title: '`increment()` without labels',
  targets: [faster('prom-client', 10), faster('OpenTelemetry', 15)],
  operations: CALLS,
  contenders: () => [ownPlain(), promPlain(), openTelemetryPlain()],
});

export const unlabelledCounterRows: readonly Row[] = [bound, plain];
