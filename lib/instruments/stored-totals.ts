// After a restart: adds what a storage still knows of a family to its live series, so that totals go on where they stood. Apart
// from the families because it happens once in a process, and only where a storage keeps what it was given.
import type { MetricFamily, MetricType, SeriesBlock } from '../model/family.js';
import { isNativeHistogram, type NativeHistogram, nativeHistogramAt } from '../model/native-histogram.js';
import { OVERFLOW_LABEL } from './definition.js';
import type { LiveFamily, Location } from './live-family.js';
import { NativeFamily } from './native/native-family.js';
import type { Block } from './series-group.js';
import { SummaryFamily } from './summary-family.js';

/**
 * Adds stored totals: counts and sums of counters, histograms and summaries, with the time at which they started. Gauges,
 * quantiles and states are of the past and stay there. A family that is another one by now (of another type, with other
 * buckets or labels) is left as it is; so is a native histogram of which only the row was stored, because its buckets would
 * no longer add up to its count.
 */
export function addStoredTotals(family: LiveFamily, stored: MetricFamily): void {
  // What is recorded in another vocabulary starts anew in every process, as those who read that vocabulary expect.
  if (family.labelling !== undefined) return;
  const blocks = [...stored.blocks()];
  if (!isSameKind(family, stored) || !blocks.every((block) => hasSameLabels(family, block))) return;
  if (stored.observedNegative) family.observedNegative = true;
  for (const block of blocks) {
    for (let row = 0; row < block.size; row++) {
      if (block.live?.[row] === 0) continue;
      if (!hasTotals(stored.descriptor.type, block, row)) continue;
      if (family instanceof NativeFamily && nativeAt(block, row) === undefined) continue;
      const location = locate(family, block, row);
      if (location !== undefined) addRow(family, location, { block, row });
    }
  }
}

function isSameKind({ descriptor }: LiveFamily, { descriptor: stored }: MetricFamily): boolean {
  if (descriptor.type === 'histogram' && stored.type === 'histogram') {
    const { upperBounds } = stored;
    return (
      descriptor.upperBounds.length === upperBounds.length &&
      descriptor.upperBounds.every((b, i) => b === upperBounds[i])
    );
  }
  return descriptor.type === stored.type && (descriptor.type === 'counter' || descriptor.type === 'summary');
}

function hasSameLabels({ labelNames }: LiveFamily, block: SeriesBlock): boolean {
  const { dictionaries } = block;
  if (labelNames === undefined || isOverflow(block)) return true;
  return labelNames.length === dictionaries.length && dictionaries.every(({ name }) => labelNames.includes(name));
}

/** Whether a row is one that recordings make: a NaN that is added once would stay for ever. */
function hasTotals(type: MetricType, { values, width, createdMs }: SeriesBlock, row: number): boolean {
  const numbers = values.subarray(row * width, (row + 1) * width);
  if (numbers.length < width || !Number.isFinite(createdMs[row])) return false;
  // Sums may fall below zero, and quantiles are not restored.
  const sum = type === 'counter' ? 0 : numbers[type === 'summary' ? width - 2 : width - 1];
  const counts = type === 'summary' ? numbers.subarray(-1) : numbers.subarray(0, type === 'counter' ? width : -1);
  return Number.isFinite(sum) && counts.every((count) => count >= 0 && count < Number.POSITIVE_INFINITY);
}

/** The native histogram of a row, if it is there and sound. */
function nativeAt(block: SeriesBlock, row: number): NativeHistogram | undefined {
  const histogram = nativeHistogramAt(block, row);
  return histogram !== undefined && isNativeHistogram(histogram) ? histogram : undefined;
}

function isOverflow({ dictionaries }: SeriesBlock): boolean {
  return dictionaries.length === 1 && dictionaries[0]?.name === OVERFLOW_LABEL;
}

/** Labels that all series of the collector carry are not looked at: they may be others by now, or the same. */
function locate(family: LiveFamily, block: SeriesBlock, row: number): Location | undefined {
  if (isOverflow(block)) return family.overflow();
  const { dictionaries, labelIds } = block;
  const labels: Record<string, string> = {};
  dictionaries.forEach(({ name, values }, column) => {
    labels[name] = values[labelIds[row * dictionaries.length + column] as number] as string;
  });
  return family.locate(labels);
}

function addRow(family: LiveFamily, { group, slot }: Location, stored: { block: SeriesBlock; row: number }): void {
  const { values, width, createdMs } = stored.block;
  const from = stored.row * width;
  // First, because a series that has expired meanwhile starts anew by it.
  family.touch(group, slot);
  if (family instanceof SummaryFamily) {
    const [sum, count] = [values[from + width - 2] as number, values[from + width - 1] as number];
    family.windowAt(group, slot).addTotals(sum, count);
  } else {
    const block = group.blocks[slot >> group.shift] as Block;
    const to = (slot & group.mask) * group.width;
    for (let i = 0; i < group.width; i++) (block.values[to + i] as number) += values[from + i] as number;
    const native = family instanceof NativeFamily ? nativeAt(stored.block, stored.row) : undefined;
    if (native !== undefined) (family as NativeFamily).merge(group, slot, native);
  }
  group.beginAt(slot, createdMs[stored.row] as number);
}
