// The exemplars of one series: which ones are kept, and when the next automatic one is due. They are made with the first
// exemplar that a series gets, and go with it.
import type { Exemplar } from '../model/exemplar.js';

/** What was recorded, and when. */
export type Observation = Pick<Exemplar, 'column' | 'value' | 'timestampMs'>;

/** Which exemplars one series keeps. */
export interface SeriesExemplars {
  /** Whether the last one like it is so many milliseconds old, so that an automatic one may take its place. */
  isDue(observation: Observation, intervalMs: number): boolean;
  add(exemplar: Exemplar): void;
  /** By ascending column and time; a new array every time. */
  list(): readonly Exemplar[];
}

/** Keeps the last exemplar per number of the row: per bucket of a histogram, or the only one of a counter. */
export class LastExemplars implements SeriesExemplars {
  readonly #byColumn: (Exemplar | undefined)[] = [];

  isDue({ column, timestampMs }: Observation, intervalMs: number): boolean {
    const last = this.#byColumn[column];
    return last === undefined || isOlder(last, timestampMs, intervalMs);
  }

  add(exemplar: Exemplar): void {
    this.#byColumn[exemplar.column] = exemplar;
  }

  list(): readonly Exemplar[] {
    return this.#byColumn.filter((exemplar) => exemplar !== undefined);
  }
}

/** Where the clock was set back, an exemplar from the future counts as old, or none would be due until then. */
export function isOlder({ timestampMs }: Exemplar, nowMs: number, intervalMs: number): boolean {
  return nowMs - timestampMs >= intervalMs || nowMs < timestampMs;
}
