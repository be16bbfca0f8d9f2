// Reads series that came sample by sample, as they were when the reader first saw them.

import { histogramSamples, inOrder, merged, type Samples } from '../../../lib/model/sample-order.js';
import type { TimeRange } from '../../../lib/model/storage.js';
import type { LabelNames } from '../stored-series.js';
import type { AppendedChunk, AppendedSeries } from './appended-history.js';
import { HistogramChunk } from './histogram-chunk.js';
import type { SampleChunk } from './sample-chunk.js';

/** A chunk as it was when the reader came. */
interface View<C extends AppendedChunk> {
  readonly chunk: C;
  readonly count: number;
}

type ChunkView = View<AppendedChunk>;
type NumbersView = View<SampleChunk>;
type HistogramsView = View<HistogramChunk>;

/** What a reader holds on to: a chunk only ever grows at its end, so that a count is enough to go back. */
export interface AppendedView {
  readonly labels: LabelNames;
  readonly values: readonly string[];
  readonly chunks: readonly ChunkView[];
  readonly endsMs: readonly number[];
}

export function viewOf(
  { labels, values, chunks, endsMs }: AppendedSeries,
  { startMs, endMs }: TimeRange,
): AppendedView {
  const seen = chunks
    .filter(({ firstMs, lastMs }) => lastMs >= startMs && firstMs <= endMs)
    .map((chunk) => ({ chunk, count: chunk.count }));
  return { labels, values, chunks: seen, endsMs: endsMs.filter((at) => at >= startMs && at <= endMs) };
}

/** The samples of a series in a range of time; none when it has none. */
export function readAppended({ chunks, endsMs }: AppendedView, range: TimeRange): readonly Samples[] {
  const parts = chunks.some(({ chunk }) => chunk instanceof HistogramChunk)
    ? chunks.map((view) => (isOfHistograms(view) ? histogramsIn(view, range) : numbersIn([view as NumbersView], range)))
    : [numbersIn(chunks as readonly NumbersView[], range)];
  const found = parts.filter(({ timestampsMs }) => timestampsMs.length > 0);
  const [only] = found;
  if (only === undefined) return [];
  const samples = found.length === 1 ? inOrder(only) : merged(found);
  return [endsMs.length === 0 ? samples : withEnds(samples, endsMs)];
}

/** Histograms stay unread until somebody asks for them. */
function withEnds(samples: Samples, endsMs: readonly number[]): Samples {
  const { timestampsMs, values } = samples;
  const ended = { timestampsMs, values, endsMs: Float64Array.from(endsMs) };
  if (!('histograms' in samples)) return ended;
  return {
    ...ended,
    get histograms() {
      return samples.histograms as NonNullable<Samples['histograms']>;
    },
  };
}

function isOfHistograms(view: ChunkView): view is HistogramsView {
  return view.chunk instanceof HistogramChunk;
}

function numbersIn(chunks: readonly NumbersView[], { startMs, endMs }: TimeRange): Samples {
  const most = chunks.reduce((sum, { count }) => sum + count, 0);
  const timestampsMs = new Float64Array(most);
  const values = new Float64Array(most);
  let found = 0;
  for (const { chunk, count } of chunks) {
    const read = chunk.read();
    for (let i = 0; i < count; i++) {
      const at = read.timestampsMs[i] as number;
      if (!(at >= startMs && at <= endMs)) continue;
      timestampsMs[found] = at;
      values[found++] = read.values[i] as number;
    }
  }
  return { timestampsMs: timestampsMs.slice(0, found), values: values.slice(0, found) };
}

function histogramsIn({ chunk, count }: HistogramsView, { startMs, endMs }: TimeRange): Samples {
  const isWanted = (place: number) => {
    const at = chunk.timestampMsOf(place);
    return at >= startMs && at <= endMs;
  };
  const wanted = Array.from({ length: count }, (_, place) => place).filter(isWanted);
  const timestampsMs = Float64Array.from(wanted, (place) => chunk.timestampMsOf(place));
  return histogramSamples(timestampsMs, () => chunk.read(count, isWanted));
}
