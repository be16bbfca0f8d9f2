// Takes a snapshot into the open generation, in portions between which the event loop goes on. The snapshot becomes
// visible at once and whole, when its last series is in. Samples with times of their own are appended instead.
import type { SeriesBlock, Snapshot } from '../../../lib/model/family.js';
import { nativeHistogramAt } from '../../../lib/model/native-histogram.js';
import type { Pace } from '../../../lib/model/pace.js';
import { isNear, ownTimeOf } from '../../../lib/model/sample-times.js';
import { labelsOf, sampleValue } from '../../../lib/model/samples.js';
import type { AppendedHistory } from '../appended/appended-history.js';
import { isHistogram } from '../histograms/histogram-check.js';
import { NEVER } from '../stored-series.js';
import type { SnapshotHistory } from './snapshot-history.js';
import type { BlockMap, SnapshotSeries, SnapshotTable } from './snapshot-table.js';

/** In steps of `Pace`. */
const STEPS_PER_ROW = 1;
const STEPS_PER_NEW_ROW = 50;
/** For a native histogram, and for every four of its positive buckets. */
const STEPS_PER_HISTOGRAM = 50;
const STEPS_PER_APPENDED = 100;

/** What became of a snapshot. */
export interface Written {
  /** Samples. */
  stored: number;
  /** Samples of series for which there was no room. */
  refused: number;
  /** Series of the model, each with all its samples. */
  series: number;
  /** Native histograms for which there was no room, which only dropping earlier ones can make. */
  refusedHistograms: number;
}

interface Portion {
  readonly table: SnapshotTable;
  readonly block: SeriesBlock;
  readonly map: BlockMap;
}

export class SnapshotWriter {
  readonly #history: SnapshotHistory;
  readonly #appended: AppendedHistory;
  readonly #pace: Pace;
  readonly #written: Written = { stored: 0, refused: 0, series: 0, refusedHistograms: 0 };

  /** @param appended - Where samples with times of their own go. */
  constructor(history: SnapshotHistory, appended: AppendedHistory, pace: Pace) {
    this.#history = history;
    this.#appended = appended;
    this.#pace = pace;
  }

  /** Nothing of the snapshot stays when its families cannot be read. */
  async write(snapshot: Snapshot): Promise<Written> {
    try {
      for (const family of snapshot.families) {
        const table = this.#history.tableOf(family.descriptor);
        let place = 0;
        for (const block of family.blocks()) {
          await this.#writeBlock({ table, block, map: table.mapOf(block, place++) }, snapshot.timestampMs);
        }
        table.endWalk(place);
      }
    } catch (cause) {
      this.#history.abandon();
      throw cause;
    }
    this.#history.open.commit(snapshot.timestampMs);
    return this.#written;
  }

  async #writeBlock(portion: Portion, snapshotMs: number): Promise<void> {
    const { size, width } = portion.block;
    if (width === 0) return;
    for (let row = 0; row < size; ) {
      row = this.#writeRows(portion, snapshotMs, row);
      if (this.#pace.isDue) await this.#pace.pause();
    }
  }

  /** Writes rows until a pause is due, and answers the first one that it has not written. */
  #writeRows({ table, block, map }: Portion, snapshotMs: number, from: number): number {
    const { size, live, width, values } = block;
    const { number, count } = this.#history.open;
    const samples = table.kinds.filter(({ isHistogram }) => !isHistogram).length;
    const pace = this.#pace;
    let row = from;
    for (; row < size && !pace.isDue; row++) {
      if (live !== undefined && live[row] === 0) continue;
      const ownMs = ownTimeOf(block, row);
      if (!Number.isNaN(ownMs)) {
        if (isNear(ownMs, snapshotMs)) this.#appendRow({ table, block, map }, row, ownMs);
        continue;
      }
      let series = map.series[row];
      if (series === undefined || series.goneAt !== NEVER) series = this.#newRow({ table, block, map }, row);
      if (series === undefined) {
        this.#written.refused += table.kinds.length;
        continue;
      }
      series.lastGeneration = number;
      series.page.put(series, values, { tick: count, from: row * width });
      this.#written.stored += samples;
      this.#written.series++;
      pace.count(STEPS_PER_ROW * width);
      if (samples < table.kinds.length) this.#writeHistogram(series, block, row);
    }
    return row;
  }

  #appendRow({ table, block }: Portion, row: number, timestampMs: number): void {
    for (const kind of table.kinds) {
      const sample = kind.isHistogram ? nativeHistogramAt(block, row) : sampleValue(block, row, kind);
      if (sample === undefined || (typeof sample !== 'number' && !isHistogram(sample))) continue;
      const labels = { ...labelsOf(block, row, kind), __name__: kind.name };
      const outcome = this.#appended.appendLater(labels, timestampMs, sample);
      if (outcome === 'refused') this.#written.refused++;
      else this.#written.stored++;
      this.#pace.count(STEPS_PER_APPENDED);
    }
  }

  #writeHistogram(series: SnapshotSeries, block: SeriesBlock, row: number): void {
    const histogram = nativeHistogramAt(block, row);
    if (histogram === undefined) return;
    if (this.#history.putHistogram(series, histogram)) {
      this.#written.stored++;
    } else {
      this.#written.refused++;
      this.#written.refusedHistograms++;
    }
    this.#pace.count(STEPS_PER_HISTOGRAM + histogram.positive.indexes.length / 4);
  }

  #newRow({ table, block, map }: Portion, row: number): SnapshotSeries | undefined {
    this.#pace.count(STEPS_PER_NEW_ROW);
    const series = this.#history.seriesOf(table, block.width, map.keyOf(row));
    while (map.series.length < row) map.series.push(undefined);
    map.series[row] = series;
    return series;
  }
}
