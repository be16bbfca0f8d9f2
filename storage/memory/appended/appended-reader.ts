// Reads series that came sample by sample, as they were when the reader first saw them.

import { inOrder, type Samples } from '../../../lib/model/sample-order.js';
import type { TimeRange } from '../../../lib/model/storage.js';
import type { LabelNames } from '../stored-series.js';
import type { AppendedSeries } from './appended-history.js';
import type { SampleChunk } from './sample-chunk.js';

/** What a reader holds on to: a chunk only ever grows at its end, so that a count is enough to go back. */
export interface AppendedView {
  readonly labels: LabelNames;
  readonly values: readonly string[];
  readonly chunks: readonly { readonly chunk: SampleChunk; readonly count: number }[];
}

export function viewOf({ labels, values, chunks }: AppendedSeries, { startMs, endMs }: TimeRange): AppendedView {
  const seen = chunks
    .filter(({ firstMs, lastMs }) => lastMs >= startMs && firstMs <= endMs)
    .map((chunk) => ({ chunk, count: chunk.count }));
  return { labels, values, chunks: seen };
}

/** The samples of a series in a range of time; none when it has none. */
export function readAppended({ chunks }: AppendedView, { startMs, endMs }: TimeRange): readonly Samples[] {
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
  if (found === 0) return [];
  return [inOrder({ timestampsMs: timestampsMs.slice(0, found), values: values.slice(0, found) })];
}
