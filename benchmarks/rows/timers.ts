// Timers: started and stopped at once, so that what is measured is the timer and not what it times.
import { Histogram, Registry } from 'prom-client';
import { expectTally, type Tally } from '../harness/expect.js';
import { faster, type Row } from '../harness/row.js';
import { type Contender, recorder, recording } from '../harness/timing.js';
import { newCollector, promTallyOf, tallyOf } from '../libraries.js';
import { BUCKETS } from '../workload.js';

const NAME = 'timer_seconds';
const CALLS = 1000;

/** Which buckets the durations fell into depends on the machine. */
function expectTimer(library: string, tally: Tally, calls: number, sum: number): void {
  expectTally(library, { ...tally, buckets: 0 }, { series: 1, sum, count: calls, buckets: 0 });
}

function ownTimer(): Contender {
  const metrics = newCollector();
  const histogram = metrics.histogram(NAME, { buckets: BUCKETS });
  let sum = 0;
  const loop = (passes: number) => {
    let total = 0;
    for (let call = 0; call < passes * CALLS; call++) {
      const stop = histogram.startTimer();
      total += stop();
    }
    sum += total;
  };
  return recorder('telltale', loop, async (passes) => {
    expectTimer('telltale', await tallyOf(metrics, NAME), passes * CALLS, sum);
  });
}

function promTimer(): Contender {
  const histogram = new Histogram({ name: NAME, help: 'Timer', buckets: [...BUCKETS], registers: [new Registry()] });
  let sum = 0;
  const loop = (passes: number) => {
    let total = 0;
    for (let call = 0; call < passes * CALLS; call++) {
      const stop = histogram.startTimer();
      total += stop();
    }
    sum += total;
  };
  return recorder('prom-client', loop, async (passes) => {
    expectTimer('prom-client', await promTallyOf(histogram), passes * CALLS, sum);
  });
}

export const timerRows: readonly Row[] = [
  recording({
    id: 'timer',
    title: 'timer start + stop',
    targets: [faster('prom-client', 5)],
    operations: CALLS,
    contenders: () => [ownTimer(), promTimer()],
  }),
];
