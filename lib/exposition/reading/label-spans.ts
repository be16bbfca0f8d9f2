// Where the labels of a line stand, and which of them are those of the line before: in most texts most of them are, and then nothing
// has to be looked up again.
import { Spans } from './spans.js';

/** The labels of a sample or of an exemplar: their names and values, one beside the other. */
export class LabelSpans {
  readonly names = new Spans();
  readonly values = new Spans();
  /** How many labels the line before had, which are still in these bytes. */
  known = 0;
  /** Who read the labels of the line before, and so knows what they are. */
  reader: object | undefined;

  /** Takes over the labels that the line before has up to `until`, and answers where the last one ends; -1 when there is none. */
  repeat(until: number, distance: number): number {
    const { names, values } = this;
    let end = -1;
    for (let i = 0; i < this.known && values.tos[i]! + 1 < until; i++) {
      names.pushAgain(names.froms[i]! + distance, names.tos[i]! + distance);
      values.pushAgain(values.froms[i]! + distance, values.tos[i]! + distance);
      end = values.tos[i]! + 1;
    }
    return end;
  }

  /** Is ready for the next line. */
  next(): void {
    this.known = this.names.count;
    this.names.count = 0;
    this.values.count = 0;
  }
}
