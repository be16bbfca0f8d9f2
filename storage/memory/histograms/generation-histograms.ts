// The native histograms of a generation: for each series that has some, a log of them and the snapshots that they are of.
// They come and go with their generation, as the numbers in its pages do.
import type { NativeHistogram } from '../../../lib/model/native-histogram.js';
import { HistogramLog } from './histogram-log.js';

export class TickedLog {
  /** Bit t: whether there is one of snapshot t. */
  ticks = 0;
  readonly log = new HistogramLog();
}

/** @typeParam S - What a log is found by. */
export class GenerationHistograms<S extends object> {
  readonly #logs = new Map<S, TickedLog>();

  of(series: S): TickedLog | undefined {
    return this.#logs.get(series);
  }

  /** Answers how many bytes that took. A second one of the same series and snapshot takes the place of the first. */
  put(series: S, tick: number, histogram: NativeHistogram): number {
    let ticked = this.#logs.get(series);
    const before = ticked?.log.bytes ?? 0;
    if (ticked === undefined) {
      ticked = new TickedLog();
      this.#logs.set(series, ticked);
    }
    if ((ticked.ticks & (1 << tick)) !== 0) ticked.log.dropLast();
    ticked.log.append(histogram);
    ticked.ticks |= 1 << tick;
    return ticked.log.bytes - before;
  }

  /** Forgets the snapshot that was being written. Answers how many bytes more or less that takes. */
  abandon(tick: number): number {
    let difference = 0;
    for (const ticked of this.#logs.values()) {
      if ((ticked.ticks & (1 << tick)) === 0) continue;
      difference -= ticked.log.bytes;
      ticked.log.dropLast();
      ticked.ticks &= ~(1 << tick);
      difference += ticked.log.bytes;
    }
    return difference;
  }

  /** Answers how many bytes more or less that takes. */
  seal(): number {
    let difference = 0;
    for (const { log } of this.#logs.values()) {
      difference -= log.bytes;
      log.seal();
      difference += log.bytes;
    }
    return difference;
  }
}
