// Reading series from the storage for a selector: each one is worked on when it comes, and others have their turn between.
import type { LabelMatcher, SeriesData, TimeRange } from '../../model/storage.js';
import { QueryFailure } from './query-failure.js';
import type { QueryRun } from './query-run.js';

/** Reading a series costs about as much as this many slots of work. */
const SLOTS_PER_SERIES = 50;

export interface Selection {
  readonly matchers: readonly LabelMatcher[];
  readonly range: TimeRange;
}

/** Works on a series; answers a promise where that takes long. */
export type SeriesVisitor = (series: SeriesData) => Promise<void> | undefined;

export async function selectSeries(run: QueryRun, selection: Selection, visit: SeriesVisitor): Promise<void> {
  const series = await opened(run, selection);
  try {
    for (;;) {
      const next = series.next();
      const { done, value } = next instanceof Promise ? await next.catch(unreadable) : next;
      if (done === true) return;
      const work = visit(value);
      if (work !== undefined) await work;
      run.pace.count(SLOTS_PER_SERIES + value.timestampsMs.length);
      if (run.pace.isDue) await run.pause();
    }
  } finally {
    // A storage may hold files open for those who still read.
    await series.return?.();
  }
}

async function opened(
  run: QueryRun,
  { matchers, range }: Selection,
): Promise<Iterator<SeriesData> | AsyncIterator<SeriesData>> {
  const found = await run.settings.queryable.select(matchers, range);
  // Whoever shares the storage got its answer in this round of the loop as well.
  await run.pause();
  if (found.isErr()) throw new QueryFailure({ kind: 'select_failed', cause: found.error });
  const series = found.value;
  return Symbol.asyncIterator in series ? series[Symbol.asyncIterator]() : series[Symbol.iterator]();
}

function unreadable(cause: unknown): never {
  throw new QueryFailure({ kind: 'select_failed', cause: { kind: 'storage_failed', storage: 'queryable', cause } });
}
