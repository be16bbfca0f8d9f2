// Memory per series, each library and type in a process of its own. A heap's size does not vary from run to run as time
// does, so one measurement is enough.
import type { Kind } from '../filled-family.js';
import { answerOf } from '../harness/child.js';
import { type Figures, type Library, type Row, share } from '../harness/row.js';

async function bytesPerSeries(kind: Kind): Promise<Figures> {
  const libraries: readonly Library[] = ['telltale', 'prom-client', 'OpenTelemetry'];
  const figures: Partial<Record<Library, number>> = {};
  for (const library of libraries)
    figures[library] = await answerOf<number>('memory', [library, kind], ['--expose-gc']);
  return figures;
}

export const memoryRows: readonly Row[] = [
  {
    id: 'memory-counter',
    title: 'heap + array buffers per counter series at 100k',
    unit: 'bytes',
    rehearsed: false,
    targets: [share('prom-client', 0.6), share('OpenTelemetry', 0.4)],
    measure: () => bytesPerSeries('counter'),
  },
  {
    id: 'memory-histogram',
    title: 'heap + array buffers per histogram series at 100k',
    unit: 'bytes',
    rehearsed: false,
    targets: [share('prom-client', 0.5), share('OpenTelemetry', 0.3)],
    measure: () => bytesPerSeries('histogram'),
  },
];
