// The columns of one chart: a window of equal steps that slides with time, so that an update asks for the newest steps only. A
// thousand series cost a few milliseconds then instead of a hundred. Apart from drawing because it is arithmetic.

export type Labels = Readonly<Record<string, string>>;

/** A series as the API answers it, its numbers already read. */
export interface AnsweredSeries {
  readonly labels: Labels;
  readonly timesS: ArrayLike<number>;
  readonly values: ArrayLike<number>;
}

export interface TableSeries {
  readonly key: string;
  readonly labels: Labels;
  /** One value for each step; NaN where there is none. */
  readonly values: Float64Array;
}

export interface StepWindow {
  readonly endS: number;
  readonly stepS: number;
  readonly count: number;
}

export class SeriesTable {
  #window: StepWindow | undefined;
  readonly #series = new Map<string, TableSeries>();

  get series(): readonly TableSeries[] {
    return [...this.#series.values()];
  }

  get window(): StepWindow | undefined {
    return this.#window;
  }

  /**
   * Makes room for `next` and answers from when on its values are wanted: everything, when nothing that is there can be kept;
   * else from `overlap` steps before the end that was, because rates over the newest samples still change.
   */
  advance(next: StepWindow, overlap = 3): number {
    const before = this.#window;
    this.#window = next;
    const startS = next.endS - (next.count - 1) * next.stepS;
    if (before === undefined || before.stepS !== next.stepS || before.count !== next.count) {
      this.#series.clear();
      return startS;
    }
    const steps = (next.endS - before.endS) / next.stepS;
    const moved = Math.round(steps);
    // Steps may be shorter than a second: their sums are not exact.
    const isBetween = Math.abs(steps - moved) > 1e-6;
    if (isBetween || moved < 0 || moved >= next.count) {
      this.#series.clear();
      return startS;
    }
    for (const { values } of this.#series.values()) {
      values.copyWithin(0, moved);
      values.fill(Number.NaN, next.count - moved);
    }
    return Math.max(startS, before.endS - overlap * next.stepS);
  }

  /** Takes what was answered from `fromS` on; what was not answered is gone there, and series that are gone everywhere are no more. */
  take(answered: Iterable<AnsweredSeries>, fromS: number): void {
    const window = this.#window;
    if (window === undefined) return;
    const startS = window.endS - (window.count - 1) * window.stepS;
    const fromStep = Math.max(0, Math.round((fromS - startS) / window.stepS));
    for (const { values } of this.#series.values()) values.fill(Number.NaN, fromStep);
    for (const { labels, timesS, values: newest } of answered) {
      const { values } = this.#seriesOf(labels, window.count);
      for (let i = 0; i < timesS.length; i++) {
        const step = Math.round(((timesS[i] as number) - startS) / window.stepS);
        if (step >= 0 && step < window.count) values[step] = newest[i] as number;
      }
    }
    for (const [key, { values }] of this.#series) if (values.every(Number.isNaN)) this.#series.delete(key);
  }

  clear(): void {
    this.#series.clear();
    this.#window = undefined;
  }

  #seriesOf(labels: Labels, count: number): TableSeries {
    const key = keyOf(labels);
    const found = this.#series.get(key);
    if (found !== undefined) return found;
    const made = { key, labels, values: new Float64Array(count).fill(Number.NaN) };
    this.#series.set(key, made);
    return made;
  }
}

function keyOf(labels: Labels): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}
