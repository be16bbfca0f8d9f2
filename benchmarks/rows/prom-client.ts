// The drop-in for prom-client against prom-client: the same program in the same words, so one piece of code for both. Text is a
// string here, because that is what the words ask for.
import * as original from 'prom-client';
import * as dropIn from 'telltale/prom-client';
import { FilledFamily, type Kind } from '../filled-family.js';
import { expectTally } from '../harness/expect.js';
import { faster, type Library, type Row } from '../harness/row.js';
import { type Contender, recorder, recording, timed } from '../harness/timing.js';
import { promTallyOf } from '../libraries.js';
import { BUCKETS, LABEL_NAMES, type Requests, requestsOf } from '../workload.js';

type PromClient = typeof original;
type RequestLabels = { method: string; route: string; status: number };

const libraries: readonly (readonly [Library, PromClient])[] = [
  ['telltale', dropIn as unknown as PromClient],
  ['prom-client', original],
];

// A loop each, or the call site of one library would be that of the other.
const loops = {
  telltale: (counter: { inc(labels: RequestLabels): void }, requests: Requests, passes: number) => {
    const { methods, routes, statuses, length } = requests;
    for (let pass = 0; pass < passes; pass++) {
      for (let i = 0; i < length; i++) {
        counter.inc({ method: methods[i]!, route: routes[i]!, status: statuses[i]! });
      }
    }
  },
  'prom-client': (counter: { inc(labels: RequestLabels): void }, requests: Requests, passes: number) => {
    const { methods, routes, statuses, length } = requests;
    for (let pass = 0; pass < passes; pass++) {
      for (let i = 0; i < length; i++) {
        counter.inc({ method: methods[i]!, route: routes[i]!, status: statuses[i]! });
      }
    }
  },
};

function counting(series: number): readonly Contender[] {
  const requests = requestsOf(series);
  return libraries.map(([library, { Counter, Registry }]) => {
    const name = 'requests_total';
    const counter = new Counter({ name, help: 'Requests', labelNames: LABEL_NAMES, registers: [new Registry()] });
    const loop = loops[library as keyof typeof loops];
    return recorder(
      library,
      (passes) => loop(counter as never, requests, passes),
      async (passes) => {
        const sum = passes * requests.length;
        expectTally(library, await promTallyOf(counter), { series, sum, count: 0, buckets: 0 });
      },
    );
  });
}

function showing(kind: Kind, series: number): readonly Contender[] {
  const requests = requestsOf(series);
  return libraries.map(([library, client]) => {
    let text = '';
    const family = filled(client, kind, requests).recordAll();
    return {
      library,
      prepare: () => family.recordSome(),
      run: async (passes) => {
        for (let pass = 0; pass < passes; pass++) text = await family.library.metrics();
      },
      check: () => {
        family.checkText(text);
        text = '';
      },
    };
  });
}

function filled({ Counter, Histogram, Registry }: PromClient, kind: Kind, requests: Requests) {
  const { methods, routes, statuses } = requests;
  const registry = new Registry();
  const options = { help: 'Requests', labelNames: LABEL_NAMES, registers: [registry] };
  if (kind === 'counter') {
    const counter = new Counter({ ...options, name: 'requests_total' });
    return new FilledFamily(registry, kind, requests, (i, amount) => {
      counter.inc({ method: methods[i]!, route: routes[i]!, status: statuses[i]! }, amount);
    });
  }
  const histogram = new Histogram({ ...options, name: 'requests', buckets: [...BUCKETS] });
  return new FilledFamily(registry, kind, requests, (i, amount) => {
    histogram.observe({ method: methods[i]!, route: routes[i]!, status: statuses[i]! }, amount);
  });
}

export const promClientRows: readonly Row[] = [
  recording({
    id: 'drop-in-counter',
    title: 'drop-in for prom-client: `inc` with 3 labels, 10k series',
    targets: [faster('prom-client', 8)],
    operations: requestsOf(10_000).length,
    contenders: () => counting(10_000),
  }),
  timed({
    id: 'drop-in-text-counters',
    title: 'drop-in for prom-client: `metrics()` of 10k counters (per series)',
    targets: [faster('prom-client', 30)],
    operations: 10_000,
    contenders: () => showing('counter', 10_000),
  }),
  timed({
    id: 'drop-in-text-histogram',
    title: 'drop-in for prom-client: `metrics()` of a histogram, 10k series × 14 lines',
    targets: [faster('prom-client', 30)],
    operations: 1,
    contenders: () => showing('histogram', 10_000),
  }),
];
