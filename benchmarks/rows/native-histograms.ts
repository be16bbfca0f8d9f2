// Native histograms beside classic ones with 11 buckets ("by hand" in the table), on the same observations: without labels,
// with a fresh literal of three, and through a bound child. Every row has its own loop per contender, so its own call site.
import type { Histogram } from 'telltale';
import { expectTally } from '../harness/expect.js';
import { type Library, type Row, share } from '../harness/row.js';
import { type Contender, recorder, recording } from '../harness/timing.js';
import { newCollector, tallyOf } from '../libraries.js';
import { BUCKETS, bucketTotal, LABEL_NAMES, type Requests, requestsOf, sumOf } from '../workload.js';

const NAME = 'duration_seconds';
const CALLS = 10_000;
const HOT = { method: 'GET', route: '/users', status: 200 };
/** A native histogram's series is to cost at most this many times what a classic one's does. */
const MOST = 2;

type Kind = 'native' | 'classic';
type LabelName = (typeof LABEL_NAMES)[number];

const optionsOf = (kind: Kind) => (kind === 'native' ? { native: true } : { buckets: BUCKETS });

/** A recorder whose check compares all that the rows of a histogram hold. */
function observer(
  kind: Kind,
  { series, seconds }: Requests,
  made: { readonly metrics: ReturnType<typeof newCollector>; readonly loop: (passes: number) => void },
): Contender {
  const library: Library = kind === 'native' ? 'telltale' : 'by hand';
  const sum = sumOf(seconds);
  const buckets = kind === 'native' ? seconds.length : bucketTotal(seconds);
  return recorder(library, made.loop, async (passes) => {
    const tally = await tallyOf(made.metrics, NAME);
    expectTally(library, tally, {
      series,
      sum: passes * sum,
      count: passes * seconds.length,
      buckets: passes * buckets,
    });
  });
}

function nativePlain(requests: Requests): Contender {
  const metrics = newCollector();
  const histogram = metrics.histogram(NAME, optionsOf('native'));
  const { seconds } = requests;
  const loop = (passes: number) => {
    for (let pass = 0; pass < passes; pass++) {
      for (let i = 0; i < seconds.length; i++) histogram.observe(seconds[i]!);
    }
  };
  return observer('native', requests, { metrics, loop });
}

function classicPlain(requests: Requests): Contender {
  const metrics = newCollector();
  const histogram = metrics.histogram(NAME, optionsOf('classic'));
  const { seconds } = requests;
  const loop = (passes: number) => {
    for (let pass = 0; pass < passes; pass++) {
      for (let i = 0; i < seconds.length; i++) histogram.observe(seconds[i]!);
    }
  };
  return observer('classic', requests, { metrics, loop });
}

function nativeLabelled(requests: Requests): Contender {
  const metrics = newCollector();
  const histogram = metrics.histogram(NAME, { ...optionsOf('native'), labelNames: LABEL_NAMES });
  const { methods, routes, statuses, seconds, length } = requests;
  const loop = (passes: number) => {
    for (let pass = 0; pass < passes; pass++) {
      for (let i = 0; i < length; i++) {
        histogram.observe(seconds[i]!, { method: methods[i]!, route: routes[i]!, status: statuses[i]! });
      }
    }
  };
  return observer('native', requests, { metrics, loop });
}

function classicLabelled(requests: Requests): Contender {
  const metrics = newCollector();
  const histogram = metrics.histogram(NAME, { ...optionsOf('classic'), labelNames: LABEL_NAMES });
  const { methods, routes, statuses, seconds, length } = requests;
  const loop = (passes: number) => {
    for (let pass = 0; pass < passes; pass++) {
      for (let i = 0; i < length; i++) {
        histogram.observe(seconds[i]!, { method: methods[i]!, route: routes[i]!, status: statuses[i]! });
      }
    }
  };
  return observer('classic', requests, { metrics, loop });
}

function nativeBound(requests: Requests): Contender {
  const metrics = newCollector();
  const histogram: Histogram<LabelName> = metrics.histogram(NAME, {
    ...optionsOf('native'),
    labelNames: LABEL_NAMES,
  });
  const child = histogram.labels(HOT);
  const { seconds } = requests;
  const loop = (passes: number) => {
    for (let pass = 0; pass < passes; pass++) {
      for (let i = 0; i < seconds.length; i++) child.observe(seconds[i]!);
    }
  };
  return observer('native', requests, { metrics, loop });
}

function classicBound(requests: Requests): Contender {
  const metrics = newCollector();
  const histogram: Histogram<LabelName> = metrics.histogram(NAME, {
    ...optionsOf('classic'),
    labelNames: LABEL_NAMES,
  });
  const child = histogram.labels(HOT);
  const { seconds } = requests;
  const loop = (passes: number) => {
    for (let pass = 0; pass < passes; pass++) {
      for (let i = 0; i < seconds.length; i++) child.observe(seconds[i]!);
    }
  };
  return observer('classic', requests, { metrics, loop });
}

/** The contenders of a row, all given the same requests. */
function given(series: number, makers: readonly ((requests: Requests) => Contender)[]): () => readonly Contender[] {
  return () => {
    const requests = requestsOf(series);
    return makers.map((make) => make(requests));
  };
}

export const nativeHistogramRows: readonly Row[] = [
  recording({
    id: 'native-unlabelled',
    title: 'native `histogram.observe(v)` (by hand: classic)',
    targets: [share('by hand', MOST)],
    operations: CALLS,
    contenders: given(1, [nativePlain, classicPlain]),
  }),
  recording({
    id: 'native-10k-series',
    title: 'native `observe(v, {3 labels})`, 10k series (by hand: classic)',
    targets: [share('by hand', MOST)],
    operations: CALLS,
    contenders: given(CALLS, [nativeLabelled, classicLabelled]),
  }),
  recording({
    id: 'native-bound',
    title: 'bound child of a native histogram (by hand: classic)',
    targets: [share('by hand', MOST)],
    operations: CALLS,
    contenders: given(1, [nativeBound, classicBound]),
  }),
];
