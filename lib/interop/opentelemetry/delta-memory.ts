// What one reader was told of each series the last time, so that it can be told what was added since. Series that were not
// read this time are forgotten.
export interface Previous<T> {
  readonly createdMs: number;
  readonly total: T;
}

interface Entry {
  readonly previous: Previous<unknown>;
  readonly reading: number;
}

export class DeltaMemory {
  /** By metric, then by attributes. */
  #entries = new Map<string, Map<string, Entry>>();
  #reading = 0;
  #lastMs = Number.NEGATIVE_INFINITY;
  #nowMs = Number.NEGATIVE_INFINITY;

  begin(nowMs: number): void {
    this.#reading++;
    this.#lastMs = this.#nowMs;
    this.#nowMs = nowMs;
  }

  /** Keeps a total and answers the one before, where the series has not started anew meanwhile, and when the interval began. */
  exchange<T>(
    metric: string,
    attributes: string,
    now: Previous<T>,
  ): { readonly before: T | undefined; readonly sinceMs: number } {
    let series = this.#entries.get(metric);
    if (series === undefined) {
      series = new Map();
      this.#entries.set(metric, series);
    }
    const last = series.get(attributes)?.previous as Previous<T> | undefined;
    series.set(attributes, { previous: now, reading: this.#reading });
    const before = last?.createdMs === now.createdMs ? last.total : undefined;
    const sinceMs = before === undefined && now.createdMs > this.#lastMs ? now.createdMs : this.#lastMs;
    return { before, sinceMs };
  }

  end(): void {
    for (const [metric, series] of this.#entries) {
      for (const [attributes, { reading }] of series) if (reading !== this.#reading) series.delete(attributes);
      if (series.size === 0) this.#entries.delete(metric);
    }
  }
}
