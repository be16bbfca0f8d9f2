// Decorated methods beside what they spare: two readings of the clock and one observation into a bound histogram, written by
// hand around the same method. The whole call is measured; the method itself does next to nothing.
import { systemClock } from 'telltale';
import { PerformanceMonitored, Timed } from 'telltale/decorators';
import { expectTotal } from '../harness/expect.js';
import { type Row, share } from '../harness/row.js';
import { type Contender, recorder, recording } from '../harness/timing.js';
import { newCollector, tallyOf } from '../libraries.js';
import { BUCKETS } from '../workload.js';

const CALLS = 1000;
const LABELS = { service: 'shop' };
const collector = newCollector();
const byHand = collector.histogram('by_hand_seconds', { buckets: BUCKETS, labelNames: ['service'] }).labels(LABELS);

class Service {
  total = 0;

  byHand(amount: number): number {
    const start = systemClock.monotonic();
    this.total += amount;
    byHand.observe(systemClock.monotonic() - start);
    return this.total;
  }

  @Timed({ name: 'timed_seconds', buckets: BUCKETS, labels: LABELS, collector })
  timed(amount: number): number {
    this.total += amount;
    return this.total;
  }

  @PerformanceMonitored({
    timing: { name: 'monitored_seconds', buckets: BUCKETS },
    counter: 'monitored_total',
    errorCounter: 'monitored_errors_total',
    labels: LABELS,
    collector,
  })
  monitored(amount: number): number {
    this.total += amount;
    return this.total;
  }
}

function calling(library: 'telltale' | 'by hand', method: 'byHand' | 'timed' | 'monitored', name: string): Contender {
  const service = new Service();
  const loops = {
    byHand: (passes: number) => {
      for (let call = 0; call < passes * CALLS; call++) service.byHand(call);
    },
    timed: (passes: number) => {
      for (let call = 0; call < passes * CALLS; call++) service.timed(call);
    },
    monitored: (passes: number) => {
      for (let call = 0; call < passes * CALLS; call++) service.monitored(call);
    },
  };
  let before: number | undefined;
  return recorder(library, loops[method], async (passes) => {
    // Rows share the metrics.
    const { count } = await tallyOf(collector, name);
    before ??= count - passes * CALLS;
    expectTotal(`the calls ${library}`, count - before, passes * CALLS);
  });
}

export const decoratorRows: readonly Row[] = [
  recording({
    id: 'decorator-timed',
    title: 'method with `@Timed`',
    targets: [share('by hand', 2)],
    operations: CALLS,
    contenders: () => [calling('telltale', 'timed', 'timed_seconds'), calling('by hand', 'byHand', 'by_hand_seconds')],
  }),
  recording({
    id: 'decorator-monitored',
    title: 'method with `@PerformanceMonitored`: time, calls, errors',
    targets: [share('by hand', 2)],
    operations: CALLS,
    contenders: () => [
      calling('telltale', 'monitored', 'monitored_seconds'),
      calling('by hand', 'byHand', 'by_hand_seconds'),
    ],
  }),
];
