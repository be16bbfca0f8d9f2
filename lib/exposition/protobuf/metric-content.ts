// What the series of a type are to the loop that writes them.
import type { SeriesBlock } from '../../model/family.js';

/** The message that a `Metric` holds besides its labels. Sizes come first: a message's length stands before it. */
export interface MetricContent {
  /** Of the field in `Metric`. */
  readonly tag: number;
  /** The field of a label that these messages have besides those of the series. */
  readonly ownLabel?: DataView;
  /** How many bytes the message of a row takes. */
  bytes(block: SeriesBlock, row: number): number;
  /** Writes the message of a row and answers where it ends. */
  write(target: DataView, at: number, block: SeriesBlock, row: number): number;
}
