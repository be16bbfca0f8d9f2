// Timers: started and stopped at once, so that what is measured is the timer and not what it times.
import { Histogram, Registry } from 'prom-client';
import { expectTally } from '../harness/expect.js';
import { faster, type Row } from '../harness/row.js';
import { type Contender, recorder, timed } from '../harness/timing.js';
import { newCollector, promTallyOf, tallyOf } from '../libraries.js';
import { BUCKETS } from '../workload.js';

const NAME = 'timer_seconds';
const CALLS = 1000;

/** All durations are far below the first bound. */
const expected = (calls: number, sum: number) => ({
  series: 1,
  sum,
  count: calls,
  buckets: calls * (BUCKETS.length + 1),
});

function ownTimer(): Contender {
  const metrics = newCollector();
  const histogram = metrics.histogram(NAME, { buckets: BUCKETS });
  let sum = 0;
  const loop = (passes: number) => {
    for (let call = 0; call < passes * CALLS; call++) {
      const stop = histogram.startTimer();
      sum += stop();
    }
  };
  return recorder('telltale', loop, async (passes) => {
    expectTally('telltale', await tallyOf(metrics, NAME), expected(passes * CALLS, sum));
  });
}

function promTimer(): Contender {
  const histogram = new Histogram({ name: NAME, help: 'Timer', buckets: [...BUCKETS], registers: [new Registry()] });
  let sum = 0;
  const loop = (passes: number) => {
    for (let call = 0; call < passes * CALLS; call++) {
      const stop = histogram.startTimer();
      sum += stop();
    }
  };
  return recorder('prom-client', loop, async (passes) => {
    expectTally('prom-client', await promTallyOf(histogram), expected(passes * CALLS, sum));
  });
}

export const timerRows: readonly Row[] = [
  timed({
    id: 'timer',
    title: 'timer start + stop',
    targets: [faster('prom-client', 5)],
    operations: CALLS,
    contenders: () => [ownTimer(), promTimer()],
  }),
];
