// Reads the native histograms of series that came with snapshots, as they were when the reader was asked for. Apart from the
// reader of numbers, because they stand in logs instead of pages, and are decoded only when somebody looks at them.
import { histogramSamples, inOrder, type Samples } from '../../../lib/model/sample-order.js';
import type { HistogramLog } from '../histograms/histogram-log.js';
import type { Generation } from './generation.js';
import type { SnapshotRange } from './snapshot-reader.js';
import type { SnapshotSeries } from './snapshot-table.js';
import { lowestBit } from './tick-mask.js';

/** What one generation has of a series. */
interface Part {
  readonly log: HistogramLog;
  /** Whether each histogram of the log is wanted, up to the last one that is. */
  readonly wanted: readonly boolean[];
}

/** The histograms of a series; none when it has none in the range. */
export function readHistograms(series: SnapshotSeries, range: SnapshotRange): readonly Samples[] {
  const times: number[] = [];
  const parts: Part[] = [];
  for (const { generation, within } of range.spans) {
    const ticked = generation.histograms.of(series);
    if (ticked === undefined) continue;
    const wanted = wantedOf(ticked.ticks, { within, generation }, times);
    if (wanted.length > 0) parts.push({ log: ticked.log, wanted });
  }
  if (times.length === 0) return [];
  const samples = histogramSamples(Float64Array.from(times), () =>
    parts.flatMap(({ log, wanted }) => log.read(wanted.length, (place) => wanted[place] === true)),
  );
  return [range.ascending ? samples : inOrder(samples)];
}

/** A snapshot that is still being written is in the log, but is not wanted, and may be taken back. */
function wantedOf(
  ticks: number,
  { within, generation }: { readonly within: number; readonly generation: Generation },
  times: number[],
): readonly boolean[] {
  const wanted: boolean[] = [];
  for (let rest = ticks; rest !== 0; rest &= rest - 1) {
    const tick = lowestBit(rest);
    const isWanted = (within & (1 << tick)) !== 0;
    wanted.push(isWanted);
    if (isWanted) times.push(generation.timestampsMs[tick] as number);
  }
  return wanted.slice(0, wanted.lastIndexOf(true) + 1);
}
