// Thirty counters that share a call site, each with label names of its own. No target asks for it, but it is what a
// library meets that records for a whole program: nothing inside it can be specialised to the names of one metric. The
// label sets are made beforehand, because thirty literals would be thirty call sites. It comes after the rows with targets
// and is not rehearsed, because those speak of metrics that share their label names.
import { Counter, Registry } from 'prom-client';
import { expectTotal } from '../harness/expect.js';
import type { Row } from '../harness/row.js';
import { type Contender, recorder, timed } from '../harness/timing.js';
import { newCollector, newOpenTelemetry, openTelemetryTallyOf, promTallyOf, tallyOf } from '../libraries.js';
import { requestsOf } from '../workload.js';

const METRICS = 30;
const { methods, routes, statuses, length } = requestsOf(100);

const nameOf = (metric: number): string => `many_${metric}_total`;
const labelNamesOf = (metric: number): readonly string[] => [`method_${metric}`, `route_${metric}`, `status_${metric}`];

/** The label set of every call. Those of one metric have the same shape, as literals in one place would. */
const labelSets: readonly Record<string, string | number>[] = methods.map((method, i) => {
  const [first, second, third] = labelNamesOf(i % METRICS) as [string, string, string];
  return { [first]: method, [second]: routes[i]!, [third]: statuses[i]! };
});

async function expectSum(library: string, tallies: readonly Promise<{ sum: number }>[], passes: number): Promise<void> {
  const sums = (await Promise.all(tallies)).map(({ sum }) => sum);
  expectTotal(
    `the total of ${library}`,
    sums.reduce((total, sum) => total + sum, 0),
    passes * length,
  );
}

const metrics = Array.from({ length: METRICS }, (_, i) => i);

function ownCounters(): Contender {
  const collector = newCollector();
  const counters = metrics.map((i) => collector.counter(nameOf(i), { labelNames: labelNamesOf(i) }));
  const loop = (passes: number) => {
    for (let pass = 0; pass < passes; pass++) {
      for (let i = 0; i < length; i++) counters[i % METRICS]!.increment(1, labelSets[i]!);
    }
  };
  return recorder('telltale', loop, (passes) =>
    expectSum(
      'telltale',
      metrics.map((i) => tallyOf(collector, nameOf(i))),
      passes,
    ),
  );
}

function promCounters(): Contender {
  const registers = [new Registry()];
  const counters = metrics.map(
    (i) => new Counter({ name: nameOf(i), help: 'Many', labelNames: labelNamesOf(i), registers }),
  );
  const loop = (passes: number) => {
    for (let pass = 0; pass < passes; pass++) {
      for (let i = 0; i < length; i++) counters[i % METRICS]!.inc(labelSets[i]!, 1);
    }
  };
  return recorder('prom-client', loop, (passes) => expectSum('prom-client', counters.map(promTallyOf), passes));
}

function openTelemetryCounters(): Contender {
  const library = newOpenTelemetry();
  const counters = metrics.map((i) => library.meter.createCounter(nameOf(i)));
  const loop = (passes: number) => {
    for (let pass = 0; pass < passes; pass++) {
      for (let i = 0; i < length; i++) counters[i % METRICS]!.add(1, labelSets[i]!);
    }
  };
  return recorder('OpenTelemetry', loop, (passes) =>
    expectSum(
      'OpenTelemetry',
      metrics.map((i) => openTelemetryTallyOf(library, nameOf(i))),
      passes,
    ),
  );
}

export const manyCounterRows: readonly Row[] = [
  timed({
    id: 'counter-30-metrics',
    title: '30 metrics with label names of their own (no target)',
    targets: [],
    operations: length,
    contenders: () => [ownCounters(), promCounters(), openTelemetryCounters()],
  }),
];
