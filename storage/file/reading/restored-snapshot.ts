// Makes a snapshot again of the last one that a folder holds, so that totals can go on from there after a restart.
import {
  type FamilyDescriptor,
  isNative,
  type LabelDictionary,
  type MetricFamily,
  type SeriesBlock,
  type Snapshot,
} from '../../../lib/model/family.js';
import { nativeColumnsOf } from '../../../lib/model/native-columns.js';
import { Pace } from '../../../lib/model/pace.js';
import { familyText } from '../format/table-definition.js';
import type { SegmentFolder } from '../segments/folder.js';
import type { Segment } from '../segments/segment.js';
import { type ScannedSnapshot, SegmentScan } from './segment-scan.js';
import type { TableScan } from './table-scan.js';

/** The last snapshot that can be read; undefined when there is none. */
export async function lastSnapshot(folder: SegmentFolder): Promise<Snapshot | undefined> {
  for (const segment of folder.segments.toReversed()) {
    const snapshot = await lastIn(segment, folder);
    if (snapshot !== undefined) return snapshot;
  }
  return undefined;
}

async function lastIn(segment: Segment, folder: SegmentFolder): Promise<Snapshot | undefined> {
  let last: ScannedSnapshot | undefined;
  const everything = { readerOf: () => ({ seriesOf: () => 0, wantsHistograms: true }) };
  const scan = new SegmentScan(everything, new Pace(), (damage) => {
    folder.report({ kind: 'file_corrupt', file: segment.path, ...damage });
  });
  segment.pin();
  try {
    // The tables are the same objects from one snapshot to the next, and so are as the last one left them.
    for await (const snapshot of scan.snapshots(await segment.open(), segment.end)) last = snapshot;
  } catch (cause) {
    const problem = `it cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`;
    folder.report({ kind: 'file_corrupt', file: segment.path, offset: 0, problem });
  } finally {
    segment.release();
  }
  return last === undefined ? undefined : { timestampMs: last.timestampMs, families: familiesOf(last.tables) };
}

function familiesOf(tables: readonly TableScan[]): readonly MetricFamily[] {
  const families = new Map<
    string,
    { descriptor: FamilyDescriptor; observedNegative: boolean; blocks: SeriesBlock[] }
  >();
  for (const table of tables) {
    const block = blockOf(table);
    if (block.size === 0) continue;
    const { descriptor } = table.definition;
    const key = familyText(descriptor);
    const family = families.get(key);
    if (family === undefined) {
      families.set(key, { descriptor, observedNegative: table.observedNegative, blocks: [block] });
    } else {
      family.blocks.push(block);
      family.observedNegative ||= table.observedNegative;
    }
  }
  return [...families.values()].map(({ descriptor, observedNegative, blocks }) => {
    return { descriptor, observedNegative, blocks: () => blocks };
  });
}

function blockOf(table: TableScan): SeriesBlock {
  const { definition, width, stride, numbers, texts, textIds, wanted, histograms } = table;
  const columns = texts.length;
  const size = wanted.length;
  const values = new Float64Array(size * width);
  const createdMs = new Float64Array(size);
  const labelIds = new Int32Array(size * columns);
  wanted.forEach((slot, row) => {
    const from = slot * stride;
    values.set(numbers.subarray(from, from + width), row * width);
    createdMs[row] = numbers[from + stride - 1] as number;
    for (let c = 0; c < columns; c++) labelIds[row * columns + c] = textIds[slot * columns + c] as number;
  });
  const dictionaries = definition.labelNames.map((name, c): LabelDictionary => ({ name, values: texts[c] ?? [] }));
  const { constantLabels } = definition;
  const block = {
    size,
    live: undefined,
    dictionaries,
    labelIds,
    constantLabels,
    width,
    values,
    createdMs,
    ...(definition.isTimed && { timestampsMs: Float64Array.from(wanted, (slot) => table.ownTimeOf(slot)) }),
  };
  if (!isNative(definition.descriptor)) return block;
  return {
    ...block,
    native: nativeColumnsOf(wanted.map((slot) => (histograms[slot]?.isThere ? histograms[slot] : undefined))),
  };
}
