// Bytes allocated per recording, each library in a process of its own. What the arguments of a call are is counted, too:
// the literal with three labels alone is 48 bytes.
import type { Allocations } from '../children/allocation.js';
import { answerOf } from '../harness/child.js';
import { type Figures, type Library, limit, type Row } from '../harness/row.js';

const PEERS: readonly Library[] = ['telltale', 'prom-client', 'OpenTelemetry'];
const LIBRARIES: readonly Library[] = [...PEERS, 'by hand'];
/** No collection may come between: 128 MB of young generation take what the hungriest library allocates in a run. */
const OPTIONS = ['--expose-gc', '--min-semi-space-size=128', '--max-semi-space-size=128'];

let measured: Promise<ReadonlyMap<Library, Allocations>> | undefined;

/** One process per library serves all rows. */
async function measureAll(): Promise<ReadonlyMap<Library, Allocations>> {
  const all = new Map<Library, Allocations>();
  for (const library of LIBRARIES) all.set(library, await answerOf<Allocations>('allocation', [library], OPTIONS));
  return all;
}

async function bytesPerCall(part: keyof Allocations, libraries = PEERS): Promise<Figures> {
  measured ??= measureAll();
  const all = await measured;
  return Object.fromEntries(libraries.map((library) => [library, all.get(library)![part]]));
}

export const allocationRows: readonly Row[] = [
  {
    id: 'allocation-known',
    title: 'allocation per recording, unlabelled or bound',
    unit: 'bytes',
    rehearsed: false,
    targets: [limit(0)],
    measure: () => bytesPerCall('known'),
  },
  {
    id: 'allocation-literal',
    title: 'allocation per recording, with a literal of 3 labels',
    unit: 'bytes',
    rehearsed: false,
    targets: [limit(64)],
    measure: () => bytesPerCall('literal'),
  },
  {
    id: 'allocation-decorated',
    title: 'allocation per call of a decorated method',
    unit: 'bytes',
    rehearsed: false,
    targets: [limit(0)],
    measure: () => bytesPerCall('method', ['telltale', 'by hand']),
  },
];
