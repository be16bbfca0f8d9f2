// Finds the series that one snapshot had and the next one has not. Almost always the answer is none, and it is found by
// comparing which arrays of labels the blocks share, without a look at any series.
import { viewOf } from '../../lib/exposition/bytes.js';
import {
  type FamilyDescriptor,
  type SeriesBlock,
  type Snapshot,
  sameLabels,
  sameShape,
} from '../../lib/model/family.js';
import type { Pace } from '../../lib/model/pace.js';
import { ownTimeOf } from '../../lib/model/sample-times.js';
import type { SeriesLayouts } from './series-layout.js';

/** A block, and the one of the snapshot before whose rows it goes on with. */
interface Place {
  readonly descriptor: FamilyDescriptor;
  readonly block: SeriesBlock;
  readonly before: SeriesBlock | undefined;
}

const ROWS_PER_LOOK = 128;

interface VanishedContext {
  readonly layouts: SeriesLayouts;
  readonly pace: Pace;
  /** Whether native histograms were sent. */
  readonly histograms: boolean;
}

/**
 * The labels of every sample that has vanished, as their bytes in a request, one character per byte.
 *
 * Cost: nothing to speak of where all series stayed in their places. Series of blocks that were built anew, and those that
 * came or went, are compared by their labels, at one or two microseconds each.
 */
export async function vanishedSeries(
  previous: Snapshot,
  next: Snapshot,
  { layouts, pace, histograms }: VanishedContext,
): Promise<ReadonlySet<string>> {
  const keys = new LabelKeys(layouts, histograms);
  const places = placesOf(previous, next);
  const twins = new Map<SeriesBlock, SeriesBlock>();
  for (const { block, before } of places) if (before !== undefined) twins.set(before, block);

  const vanished = new Set<string>();
  for (const { descriptor, block } of blocksOf(previous)) {
    const twin = twins.get(block);
    if (twin !== undefined && twin.live === undefined && twin.size >= block.size) continue;
    // Nobody knows when a series ended whose samples are of times of their own.
    const isGone = (row: number) =>
      isLive(block, row) && !(twin !== undefined && isLive(twin, row)) && Number.isNaN(ownTimeOf(block, row));
    await keys.visit({ descriptor, block, pace, wanted: isGone }, (key) => vanished.add(key));
  }
  if (vanished.size === 0) return vanished;
  // What is gone from its place may be in another one.
  for (const { descriptor, block, before } of places) {
    const isNew = (row: number) => isLive(block, row) && !(before !== undefined && isLive(before, row));
    await keys.visit({ descriptor, block, pace, wanted: isNew }, (key) => vanished.delete(key));
  }
  return vanished;
}

function* blocksOf({ families }: Snapshot): Generator<{ descriptor: FamilyDescriptor; block: SeriesBlock }> {
  for (const { descriptor, blocks } of families) for (const block of blocks()) yield { descriptor, block };
}

/** The same array always means the same label sets, for the rows that it had when it was first seen. */
function placesOf(previous: Snapshot, next: Snapshot): readonly Place[] {
  const known = new Map<FamilyDescriptor, Map<Int32Array, SeriesBlock>>();
  for (const { descriptor, block } of blocksOf(previous)) {
    const ofFamily = known.get(descriptor) ?? new Map<Int32Array, SeriesBlock>();
    known.set(descriptor, ofFamily.set(block.labelIds, block));
  }
  return [...blocksOf(next)].map(({ descriptor, block }) => {
    const before = known.get(descriptor)?.get(block.labelIds);
    return { descriptor, block, before: before !== undefined && hasLabelsOf(before, block) ? before : undefined };
  });
}

function hasLabelsOf(a: SeriesBlock, b: SeriesBlock): boolean {
  return sameShape(a.dictionaries, b.dictionaries) && sameLabels(a.constantLabels, b.constantLabels);
}

function isLive({ live, size }: SeriesBlock, row: number): boolean {
  return row < size && (live === undefined || live[row] === 1);
}

interface Visit {
  readonly descriptor: FamilyDescriptor;
  readonly block: SeriesBlock;
  readonly pace: Pace;
  readonly wanted: (row: number) => boolean;
}

/** Labels as texts that can be compared. */
class LabelKeys {
  readonly #layouts: SeriesLayouts;
  readonly #histograms: boolean;
  #scratch = viewOf(4096);

  constructor(layouts: SeriesLayouts, histograms: boolean) {
    this.#layouts = layouts;
    this.#histograms = histograms;
  }

  async visit({ descriptor, block, pace, wanted }: Visit, use: (key: string) => void): Promise<void> {
    const layout = this.#layouts.of(descriptor, block);
    const { kinds, histogram } = layout;
    const wantedKinds = histogram === undefined || !this.#histograms ? kinds : [...kinds, histogram];
    for (let row = 0; row < block.size; row++) {
      if (row % ROWS_PER_LOOK === ROWS_PER_LOOK - 1 && pace.look()) await pace.pause();
      if (!wanted(row)) continue;
      const ownBytes = layout.ownBytes(block, row);
      for (const kind of wantedKinds) {
        const bytes = ownBytes + kind.fixedBytes;
        if (bytes > this.#scratch.byteLength - 8) this.#scratch = viewOf(2 * bytes);
        const end = layout.writeLabels(this.#scratch, 0, { block, row, layout: kind });
        use(Buffer.from(this.#scratch.buffer, 0, end).toString('latin1'));
      }
    }
  }
}
