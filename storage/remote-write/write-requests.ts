// From a snapshot to the requests that send it, each made when it is asked for: samples in the order of the families, then
// native histograms, then the markers of series that have ended.
import { isNative, type SeriesBlock, type Snapshot } from '../../lib/model/family.js';
import { isNativeHistogram, nativeHistogramAt } from '../../lib/model/native-histogram.js';
import { Pace } from '../../lib/model/pace.js';
import { RequestBuffer, type RequestLimits } from './request-buffer.js';
import { SampleTimes } from './sample-times.js';
import type { KindLayout, SeriesLayout, SeriesLayouts } from './series-layout.js';
import { snappy } from './snappy.js';
import { vanishedSeries } from './vanished-series.js';

/** The body of a request, compressed, and what it holds. */
export interface WriteRequest {
  readonly body: readonly Uint8Array[];
  /** Of the snapshot; markers of ended series are not counted. */
  readonly samples: number;
  /** Whether it holds native histograms, and nothing else: a target that takes none must still get all the rest. */
  readonly hasHistograms: boolean;
}

/** After so many samples, some 100 µs, it is seen whether others should get their turn. */
const SAMPLES_PER_LOOK = 1000;

/** Where in a block the writing goes on. */
interface Cursor {
  row: number;
  kind: number;
  samplesUntilLook: number;
}

export interface RequestContext {
  readonly layouts: SeriesLayouts;
  readonly limits: RequestLimits;
  /** Whether the target takes native histograms, as far as that is known when they are to be sent. */
  takesHistograms(): boolean;
  /** Hears of samples that need not be sent, because they were with the snapshot before. */
  known(samples: number): void;
}

/**
 * The requests of one snapshot. `previous` is the one that was sent before.
 *
 * Cost: about 100 ns a sample and as much for its compression; the thread is given up every 1.5 ms.
 */
export async function* writeRequests(
  snapshot: Snapshot,
  previous: Snapshot | undefined,
  { layouts, limits, takesHistograms, known }: RequestContext,
): AsyncGenerator<WriteRequest, void, undefined> {
  const pace = new Pace();
  const buffer = new RequestBuffer(limits);
  const times = new SampleTimes(snapshot, previous);
  const take = async (hasHistograms = false): Promise<WriteRequest> => {
    const { samples } = buffer;
    return { body: await snappy(buffer.take(), pace), samples, hasHistograms };
  };
  for (const { descriptor, blocks } of snapshot.families) {
    for (const block of blocks()) {
      const writer = new BlockWriter(block, layouts.of(descriptor, block), { times, known });
      while (!writer.writeInto(buffer)) {
        if (writer.isBlocked) yield await take();
        if (pace.look()) await pace.pause();
      }
    }
  }
  if (buffer.samples > 0) yield await take();
  for (const { descriptor, blocks } of snapshot.families) {
    if (!isNative(descriptor) || !takesHistograms()) continue;
    for (const block of blocks()) {
      for (const add of histogramsOf(block, layouts.of(descriptor, block), { times, known })) {
        while (!add(buffer)) yield await take(true);
        if (pace.look()) await pace.pause();
      }
    }
  }
  if (buffer.samples > 0) yield await take(true);
  if (previous === undefined) return;
  buffer.setTime(snapshot.timestampMs);
  for (const labels of await vanishedSeries(previous, snapshot, { layouts, pace, histograms: takesHistograms() })) {
    const bytes = Buffer.from(labels, 'latin1');
    if (buffer.addStaleMarker(bytes)) continue;
    yield { ...(await take()), samples: 0 };
    buffer.addStaleMarker(bytes);
  }
  if (buffer.samples > 0) yield { ...(await take()), samples: 0 };
}

/** What adds the native histogram of each row to a request, where there is one that a target could make sense of. */
function* histogramsOf(
  block: SeriesBlock,
  layout: SeriesLayout,
  { times, known }: Timing,
): Generator<(buffer: RequestBuffer) => boolean> {
  const { live, size } = block;
  const kind = layout.histogram as KindLayout;
  for (let row = 0; row < size; row++) {
    if (live !== undefined && live[row] === 0) continue;
    const histogram = nativeHistogramAt(block, row);
    if (histogram === undefined || !isNativeHistogram(histogram)) continue;
    const timeMs = times.of(block, row);
    if (typeof timeMs !== 'number') {
      if (timeMs === 'known') known(1);
      continue;
    }
    yield (buffer) => {
      buffer.setTime(timeMs);
      return buffer.addHistogram(layout, { block, row, layout: kind }, layout.ownBytes(block, row));
    };
  }
}

interface Timing {
  readonly times: SampleTimes;
  known(samples: number): void;
}

/** Writes the samples of one block, with pauses wherever they are needed. */
class BlockWriter {
  /** Whether it stopped because the request is full. */
  isBlocked = false;
  readonly #block: SeriesBlock;
  readonly #layout: SeriesLayout;
  readonly #timing: Timing;
  readonly #cursor: Cursor = { row: 0, kind: 0, samplesUntilLook: 0 };

  constructor(block: SeriesBlock, layout: SeriesLayout, timing: Timing) {
    this.#block = block;
    this.#layout = layout;
    this.#timing = timing;
  }

  /** Answers whether all of the block has been written. If not, it is to be called again. */
  writeInto(buffer: RequestBuffer): boolean {
    const cursor = this.#cursor;
    const { live, size } = this.#block;
    this.isBlocked = false;
    cursor.samplesUntilLook = SAMPLES_PER_LOOK;
    for (; cursor.row < size; cursor.row++) {
      if (live !== undefined && live[cursor.row] === 0) continue;
      if (!this.#writeRow(buffer)) return false;
      cursor.kind = 0;
      if (cursor.samplesUntilLook <= 0) {
        cursor.row++;
        return cursor.row === size;
      }
    }
    return true;
  }

  #writeRow(buffer: RequestBuffer): boolean {
    const block = this.#block;
    const layout = this.#layout;
    const cursor = this.#cursor;
    const { row } = cursor;
    const { kinds } = layout;
    const timeMs = this.#timing.times.of(block, row);
    if (typeof timeMs !== 'number') {
      if (timeMs === 'known') this.#timing.known(kinds.length);
      return true;
    }
    buffer.setTime(timeMs);
    const ownBytes = layout.ownBytes(block, row);
    const start = row * block.width;
    // Buckets add up from sample to sample; after a pause the sum is made up for.
    let sum = 0;
    let summed = 0;
    for (; cursor.kind < kinds.length; cursor.kind++) {
      const kind: KindLayout = kinds[cursor.kind]!;
      const { column, cumulative } = kind.kind;
      let value: number;
      if (cumulative) {
        while (summed <= column) sum += block.values[start + summed++]!;
        value = sum;
      } else value = block.values[start + column]!;
      if (!buffer.addSample(layout, { block, row, layout: kind }, { ownBytes, value })) {
        this.isBlocked = true;
        return false;
      }
      cursor.samplesUntilLook--;
    }
    return true;
  }
}
