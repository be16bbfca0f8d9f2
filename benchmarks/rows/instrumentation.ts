// What the measuring of things other than HTTP costs, beside the same thing that is not measured ("by hand"): a look-up in a cache,
// a resource taken from a pool and given back, and one reading of everything that the process tells.
import { createPool } from 'generic-pool';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { instrumentCache, instrumentPool, instrumentProcess } from 'telltale/instrumentation';
import { expectTotal } from '../harness/expect.js';
import { faster, limit, type Row } from '../harness/row.js';
import { type Contender, recorder, timed } from '../harness/timing.js';
import { newCollector, tallyOf } from '../libraries.js';

const LOOK_UPS = 1000;
const USES = 100;
/** A millisecond. */
const READING_NS = 1e6;

function lookingUp(isMeasured: boolean): Contender {
  const collector = newCollector();
  const cache = new Map<number, number>([[1, 1]]);
  if (isMeasured) instrumentCache(cache, { name: 'numbers', collector });
  let found = 0;
  const loop = (passes: number) => {
    for (let i = 0; i < passes * LOOK_UPS; i++) found += cache.get(1) ?? 0;
  };
  return recorder(isMeasured ? 'telltale' : 'by hand', loop, (passes) => {
    expectTotal('what was found', found, passes * LOOK_UPS);
    if (!isMeasured) return;
    const hits = collector.counter('cache_hits_total', { labelNames: ['cache'] }).getValue({ cache: 'numbers' });
    expectTotal('the hits counted', hits, passes * LOOK_UPS);
  });
}

function usingPool(isMeasured: boolean): Contender {
  const collector = newCollector();
  const pool = createPool({ create: async () => ({}), destroy: async () => {} }, { max: 1 });
  if (isMeasured) instrumentPool(pool, { name: 'objects', collector });
  let used = 0;
  return {
    library: isMeasured ? 'telltale' : 'by hand',
    run: async (passes) => {
      for (let i = 0; i < passes * USES; i++) await pool.release(await pool.acquire());
      used += passes * USES;
    },
    check: async () => {
      if (!isMeasured) return;
      expectTotal('the uses counted', (await tallyOf(collector, 'pool_use_duration_seconds')).count, used);
    },
    close: async () => {
      await pool.drain();
      await pool.clear();
    },
  };
}

function readingProcess(): readonly Contender[] {
  const collector = newCollector();
  const measuring = instrumentProcess({ collector });
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return [
    {
      library: 'telltale',
      run: async (passes) => {
        for (let i = 0; i < passes; i++) await collector.collect();
      },
      check: async () => {
        const samples = await collector.getAllMetrics();
        const cpu = samples.find(({ name }) => name === 'process_cpu_seconds_total')?.value ?? 0;
        if (!(cpu > 0)) throw new Error('The processor time of this process was not read.');
      },
      close: async () => measuring.remove(),
    },
    {
      library: 'prom-client',
      run: async (passes) => {
        for (let i = 0; i < passes; i++) await registry.getMetricsAsJSON();
      },
      check: () => {},
    },
  ];
}

export const instrumentationRows: readonly Row[] = [
  timed({
    id: 'cache-look-up',
    title: 'cache look-up, measured (by hand: not measured)',
    targets: [],
    operations: LOOK_UPS,
    contenders: () => [lookingUp(true), lookingUp(false)],
  }),
  timed({
    id: 'pool-use',
    title: 'resource of a pool taken and given back, measured (by hand: not measured)',
    targets: [],
    operations: USES,
    contenders: () => [usingPool(true), usingPool(false)],
  }),
  timed({
    id: 'process-reading',
    title: 'reading of all that the process tells',
    targets: [limit(READING_NS), faster('prom-client', 1)],
    operations: 1,
    contenders: readingProcess,
  }),
];
