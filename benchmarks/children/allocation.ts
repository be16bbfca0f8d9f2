// Measures what a recording allocates: `allocation.js <library>`, with --expose-gc and a young generation so large that
// nothing is collected while it runs. Then the heap grows by exactly what the calls allocated, the label literal included.
import { getHeapStatistics } from 'node:v8';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { systemClock } from 'telltale';
import { monitored } from 'telltale/decorators';
import { answer } from '../harness/child.js';
import { median } from '../harness/median.js';
import type { Library } from '../harness/row.js';
import { newCollector, newOpenTelemetry } from '../libraries.js';
import { BUCKETS, LABEL_NAMES, requestsOf } from '../workload.js';

/**
 * Bytes per call: the most of any recording whose series is known, of any with a literal of three labels, and of a method that
 * measures itself. What a library does not do is 0.
 */
export interface Allocations {
  readonly known: number;
  readonly literal: number;
  readonly method: number;
}

const SERIES = 10_000;
const PASSES = 3;
const WARM_UP_RUNS = 20;
const RUNS = 15;
const HOT = { method: 'GET', route: '/users', status: 200 };
const { methods, routes, statuses, seconds } = requestsOf(SERIES);

const CALLS = { timing: 'call_seconds', counter: 'calls_total' };

type Recordings = Readonly<Partial<Record<keyof Allocations, readonly ((i: number) => void)[]>>>;

function own(): Recordings {
  const metrics = newCollector();
  const counter = metrics.counter('plain_total');
  const gauge = metrics.gauge('plain_gauge');
  const histogram = metrics.histogram('plain_seconds', { buckets: BUCKETS });
  const summary = metrics.summary('plain_window_seconds');
  const labelled = metrics.counter('labelled_total', { labelNames: LABEL_NAMES });
  const durations = metrics.histogram('labelled_seconds', { labelNames: LABEL_NAMES, buckets: BUCKETS });
  const child = labelled.labels(HOT);
  const observing = durations.labels(HOT);
  const decorated = monitored((amount: number) => amount, { ...CALLS, collector: metrics });
  return {
    method: [() => decorated(1)],
    known: [
      () => counter.increment(),
      (i) => counter.increment(seconds[i]!),
      (i) => gauge.set(seconds[i]!),
      (i) => histogram.observe(seconds[i]!),
      (i) => summary.observe(seconds[i]!),
      () => child.increment(),
      (i) => observing.observe(seconds[i]!),
    ],
    literal: [
      (i) => labelled.increment(1, { method: methods[i]!, route: routes[i]!, status: statuses[i]! }),
      (i) => durations.observe(seconds[i]!, { method: methods[i]!, route: routes[i]!, status: statuses[i]! }),
    ],
  };
}

/** What a decorator spares, with the boxes that the engine puts numbers into between functions. */
function byHand(): Recordings {
  const metrics = newCollector();
  const calls = metrics.counter(CALLS.counter, { labelNames: ['outcome'] }).labels({ outcome: 'ok' });
  const durations = metrics.histogram(CALLS.timing);
  const method = (amount: number) => amount;
  const measured = (amount: number) => {
    const start = systemClock.monotonic();
    const returned = method(amount);
    durations.observe(systemClock.monotonic() - start);
    calls.increment();
    return returned;
  };
  return { method: [() => measured(1)] };
}

function prom(): Recordings {
  const registers = [new Registry()];
  const buckets = [...BUCKETS];
  const options = { help: 'Recorded', labelNames: LABEL_NAMES, registers };
  const counter = new Counter({ name: 'plain_total', help: 'Plain', registers });
  const gauge = new Gauge({ name: 'plain_gauge', help: 'Plain', registers });
  const histogram = new Histogram({ name: 'plain_seconds', help: 'Plain', buckets, registers });
  const labelled = new Counter({ ...options, name: 'labelled_total' });
  const durations = new Histogram({ ...options, name: 'labelled_seconds', buckets });
  const child = labelled.labels(HOT);
  const observing = durations.labels(HOT);
  return {
    known: [
      () => counter.inc(),
      (i) => counter.inc(seconds[i]!),
      (i) => gauge.set(seconds[i]!),
      (i) => histogram.observe(seconds[i]!),
      () => child.inc(),
      (i) => observing.observe(seconds[i]!),
    ],
    literal: [
      (i) => labelled.inc({ method: methods[i]!, route: routes[i]!, status: statuses[i]! }, 1),
      (i) => durations.observe({ method: methods[i]!, route: routes[i]!, status: statuses[i]! }, seconds[i]!),
    ],
  };
}

function openTelemetry(): Recordings {
  const { meter } = newOpenTelemetry();
  const advice = { explicitBucketBoundaries: [...BUCKETS] };
  const counter = meter.createCounter('plain_total');
  const gauge = meter.createGauge('plain_gauge');
  const histogram = meter.createHistogram('plain_seconds', { advice });
  const labelled = meter.createCounter('labelled_total');
  const durations = meter.createHistogram('labelled_seconds', { advice });
  return {
    known: [() => counter.add(1), (i) => gauge.record(seconds[i]!), (i) => histogram.record(seconds[i]!)],
    literal: [
      (i) => labelled.add(1, { method: methods[i]!, route: routes[i]!, status: statuses[i]! }),
      (i) => durations.record(seconds[i]!, { method: methods[i]!, route: routes[i]!, status: statuses[i]! }),
    ],
  };
}

const recordings: Partial<Record<Library, () => Recordings>> = {
  telltale: own,
  'prom-client': prom,
  OpenTelemetry: openTelemetry,
  'by hand': byHand,
};

function bytesPerCall(record: (i: number) => void): number {
  const figures: number[] = [];
  for (let run = -WARM_UP_RUNS; run < RUNS; run++) {
    if (run >= 0) globalThis.gc?.();
    const before = getHeapStatistics().used_heap_size;
    for (let pass = 0; pass < PASSES; pass++) {
      for (let i = 0; i < SERIES; i++) record(i);
    }
    const bytes = getHeapStatistics().used_heap_size - before;
    if (run >= 0) figures.push(bytes / (PASSES * SERIES));
  }
  // Reading the statistics allocates some bytes as well, which must not make a tenth of a byte per call.
  return Math.max(0, Math.round(median(figures) * 10) / 10);
}

const { known = [], literal = [], method = [] } = recordings[process.argv[2] as Library]!();
const allocations: Allocations = {
  known: Math.max(0, ...known.map(bytesPerCall)),
  literal: Math.max(0, ...literal.map(bytesPerCall)),
  method: Math.max(0, ...method.map(bytesPerCall)),
};
answer(allocations);
