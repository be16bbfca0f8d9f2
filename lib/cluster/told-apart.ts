// What the exporter knows of series that have more than numbers in place: summaries and native histograms.
import type { Report } from './protocol.js';

/** What was told of the series of one group. Slots are those of series that the listener knows. */
export interface ToldApart {
  /** Whether there is something to tell. Cost: some dozen ns. */
  hasChanged(slot: number): boolean;
  /** What there is, which counts as told from now on. Cost: a microsecond or two each. */
  newsOf(slots: readonly number[]): Partial<Report>;
  /** These series are gone. */
  forget(slots: readonly number[]): void;
}
