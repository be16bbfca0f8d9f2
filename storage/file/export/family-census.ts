// Counts what an export will have to hold: which families there are in a range of time, and how many numbers of each.

import { Pace } from '../../../lib/model/pace.js';
import { sampleKinds } from '../../../lib/model/samples.js';
import type { TimeRange } from '../../../lib/model/storage.js';
import { SegmentScan } from '../reading/segment-scan.js';
import type { SegmentFolder } from '../segments/folder.js';
import type { PinnedSegment } from '../segments/segment.js';
import { familyName } from './openmetrics-lines.js';

/** What is exported. */
export interface ExportSource {
  readonly folder: SegmentFolder;
  readonly segments: readonly PinnedSegment[];
  readonly range: TimeRange;
}

/** By the families' names in OpenMetrics, in the order in which they are found. */
export async function countFamilies({ folder, segments, range }: ExportSource): Promise<ReadonlyMap<string, number>> {
  const numbers = new Map<string, number>();
  const pace = new Pace();
  const everything = { readerOf: () => ({ seriesOf: () => 0, wantsHistograms: false }) };
  for (const { segment, end } of segments) {
    const scan = new SegmentScan(everything, pace, (damage) => {
      folder.report({ kind: 'file_corrupt', file: segment.path, ...damage });
    });
    try {
      for await (const { timestampMs, tables } of scan.snapshots(await segment.open(), end)) {
        if (!(timestampMs >= range.startMs && timestampMs <= range.endMs)) continue;
        for (const { definition, wanted } of tables) {
          const name = familyName(definition.descriptor);
          const perSeries = sampleKinds(definition.descriptor).length + 1;
          if (wanted.length > 0) numbers.set(name, (numbers.get(name) ?? 0) + wanted.length * perSeries);
        }
      }
    } catch {
      // Whoever reads the samples meets the same, and tells it.
    }
  }
  return numbers;
}
