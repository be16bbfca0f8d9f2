// Where the labels of a line stand, and which of them are those of the line before: in most texts most of them are, and then nothing
// has to be looked up again.
import { Spans } from './spans.js';

/** The labels of a sample or of an exemplar: their names and values, one beside the other. */
export class LabelSpans {
  readonly names = new Spans();
  readonly values = new Spans();
  /** So many labels have the names of those of the line before, and so many of these also their values. */
  named = 0;
  repeated = 0;
  /** Who read the labels of the line before, and so knows what they are. */
  reader: object | undefined;

  /** Is ready for labels that begin at `from`. */
  begin(from: number): void {
    this.names.base = from;
    this.values.base = from;
    this.names.count = 0;
    this.values.count = 0;
    this.named = 0;
    this.repeated = 0;
  }
}
