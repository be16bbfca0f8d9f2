// Summaries: an observation into a window that slides, and seven quantiles read back. sketches-js is beside them because
// it is what one would take for quantiles alone; it has no window, so it does less.
import { DDSketch } from '@datadog/sketches-js';
import { Registry, Summary } from 'prom-client';
import { expectTally, expectTotal } from '../harness/expect.js';
import { faster, type Row } from '../harness/row.js';
import { type Contender, recorder, recording } from '../harness/timing.js';
import { newCollector, promTallyOf, tallyOf } from '../libraries.js';
import { requestsOf, sumOf } from '../workload.js';

const QUANTILES = [0.01, 0.05, 0.5, 0.9, 0.95, 0.99, 0.999];
const READS = 100;
const WINDOW_SECONDS = 600;
const { seconds } = requestsOf(1);
const sum = sumOf(seconds);

function newOwn() {
  const metrics = newCollector();
  const summary = metrics.summary('window_seconds', { maxAge: WINDOW_SECONDS, quantiles: QUANTILES });
  return { metrics, summary };
}

function newProm() {
  return new Summary({
    name: 'window_seconds',
    help: 'Window',
    maxAgeSeconds: WINDOW_SECONDS,
    ageBuckets: 5,
    percentiles: QUANTILES,
    registers: [new Registry()],
  });
}

function ownObserving(): Contender {
  const { metrics, summary } = newOwn();
  const loop = (passes: number) => {
    for (let pass = 0; pass < passes; pass++) {
      for (let i = 0; i < seconds.length; i++) summary.observe(seconds[i]!);
    }
  };
  return recorder('telltale', loop, async (passes) => {
    const expected = { series: 1, sum: passes * sum, count: passes * seconds.length, buckets: 0 };
    expectTally('telltale', await tallyOf(metrics, 'window_seconds'), expected);
  });
}

function promObserving(): Contender {
  const summary = newProm();
  const loop = (passes: number) => {
    for (let pass = 0; pass < passes; pass++) {
      for (let i = 0; i < seconds.length; i++) summary.observe(seconds[i]!);
    }
  };
  return recorder('prom-client', loop, async (passes) => {
    const expected = { series: 1, sum: passes * sum, count: passes * seconds.length, buckets: 0 };
    expectTally('prom-client', await promTallyOf(summary), expected);
  });
}

function sketchObserving(): Contender {
  const sketch = new DDSketch({ relativeAccuracy: 0.01 });
  const loop = (passes: number) => {
    for (let pass = 0; pass < passes; pass++) {
      for (let i = 0; i < seconds.length; i++) sketch.accept(seconds[i]!);
    }
  };
  return recorder('sketches-js', loop, (passes) => {
    expectTotal('the count of sketches-js', sketch.count, passes * seconds.length);
    expectTotal('the sum of sketches-js', sketch.sum, passes * sum);
  });
}

/** What the quantiles of the durations add up to; all libraries have to come within a few per cent. */
const exact = sumOf(QUANTILES.map((q) => seconds.toSorted((a, b) => a - b)[Math.floor(q * seconds.length)]!));

function expectQuantiles(library: string, total: number): void {
  if (Math.abs(total - exact) > exact * 0.05) expectTotal(`the quantiles of ${library}`, total, exact);
}

// One observation before every reading, so that none can be served from the one before. Observations go on where the
// turn before left off: the same few again and again would weigh more in the window than in what is expected.

function ownReading(): Contender {
  const { summary } = newOwn();
  for (const value of seconds) summary.observe(value);
  let total = 0;
  let read = 0;
  const run = (passes: number) => {
    for (const end = read + passes * READS; read < end; ) {
      summary.observe(seconds[read++ % seconds.length]!);
      total = sumOf(Object.values(summary.getStatistics().quantiles));
    }
  };
  return { library: 'telltale', run, check: () => expectQuantiles('telltale', total) };
}

function promReading(): Contender {
  const summary = newProm();
  for (const value of seconds) summary.observe(value);
  let total = 0;
  let read = 0;
  const run = async (passes: number) => {
    for (const end = read + passes * READS; read < end; ) {
      summary.observe(seconds[read++ % seconds.length]!);
      const { values } = await summary.get();
      total = sumOf(values.filter(({ labels }) => 'quantile' in labels).map(({ value }) => value));
    }
  };
  return { library: 'prom-client', run, check: () => expectQuantiles('prom-client', total) };
}

function sketchReading(): Contender {
  const sketch = new DDSketch({ relativeAccuracy: 0.01 });
  for (const value of seconds) sketch.accept(value);
  let total = 0;
  let read = 0;
  const run = (passes: number) => {
    for (const end = read + passes * READS; read < end; ) {
      sketch.accept(seconds[read++ % seconds.length]!);
      total = sumOf(QUANTILES.map((q) => sketch.getValueAtQuantile(q)));
    }
  };
  return { library: 'sketches-js', run, check: () => expectQuantiles('sketches-js', total) };
}

export const summaryRows: readonly Row[] = [
  recording({
    id: 'summary-observe',
    title: '`summary.observe(v)` with a sliding window',
    targets: [faster('prom-client', 80), faster('sketches-js', 3)],
    operations: seconds.length,
    contenders: () => [ownObserving(), promObserving(), sketchObserving()],
  }),
  recording({
    id: 'summary-quantiles',
    title: 'summary, 7 quantiles read',
    targets: [faster('prom-client', 25)],
    operations: READS,
    contenders: () => [ownReading(), promReading(), sketchReading()],
  }),
];
