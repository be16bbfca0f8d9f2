// Decorated methods beside what they spare: two readings of the clock and one observation into a bound histogram, written by
// hand around the same method. The whole call is measured; the method itself does next to nothing. Made when they are measured and
// not before, because metrics that exist change how the engine compiles the rows before.
import { type Histogram, setMetricsCollector, systemClock } from 'telltale';
import { PerformanceMonitored, Timed } from 'telltale/decorators';
import { expectTotal } from '../harness/expect.js';
import { type Row, share } from '../harness/row.js';
import { type Contender, recorder, timed } from '../harness/timing.js';
import { newCollector, tallyOf } from '../libraries.js';
import { BUCKETS } from '../workload.js';

const CALLS = 1000;
const LABELS = { service: 'shop' };
const OPTIONS = { buckets: BUCKETS, labelNames: ['service'] } as const;

class Service {
  total = 0;
  readonly #duration: Histogram;

  constructor(duration: Histogram) {
    this.#duration = duration;
  }

  byHand(amount: number): number {
    const start = systemClock.monotonic();
    this.total += amount;
    this.#duration.observe(systemClock.monotonic() - start);
    return this.total;
  }

  @Timed({ name: 'timed_seconds', buckets: BUCKETS, labels: LABELS })
  timed(amount: number): number {
    this.total += amount;
    return this.total;
  }

  @PerformanceMonitored({
    timing: { name: 'monitored_seconds', buckets: BUCKETS },
    counter: 'monitored_total',
    errorCounter: 'monitored_errors_total',
    labels: LABELS,
  })
  monitored(amount: number): number {
    this.total += amount;
    return this.total;
  }
}

function calling(library: 'telltale' | 'by hand', method: 'byHand' | 'timed' | 'monitored', name: string): Contender {
  const collector = newCollector();
  // Where the decorators look for it. The other contender has been made with its own by then.
  if (library === 'telltale') setMetricsCollector(collector);

  const service = new Service(collector.histogram('by_hand_seconds', OPTIONS).labels(LABELS));
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
  return recorder(library, loops[method], async (passes) => {
    const { count } = await tallyOf(collector, name);
    expectTotal(`the calls of ${library}`, count, passes * CALLS);
  });
}

export const decoratorRows: readonly Row[] = [
  timed({
    id: 'decorator-timed',
    title: 'method with `@Timed`',
    targets: [share('by hand', 2)],
    operations: CALLS,
    contenders: () => [calling('telltale', 'timed', 'timed_seconds'), calling('by hand', 'byHand', 'by_hand_seconds')],
  }),
  timed({
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
