// What stands around the labels in each line of a series, as bytes: made once per family and then copied for each series.
import { copyBytes, utf8Room, viewOf, writeUtf8 } from './bytes.js';
import { bareText, labelText, openingText } from './escape.js';
import { MAX_NUMBER_BYTES } from './numbers.js';
import type { SeriesLine } from './series-lines.js';

/** How many numbers `spans` has per line. */
export const SPANS_PER_LINE = 5;

/** Openings with more label bytes are made for one series and let go. */
const KEPT_LABEL_BYTES = 8 * 1024;

/** A line is a front, the labels, a back, a number and a line feed. */
export class LineFrames {
  // Public, because they are read for every line.
  readonly lineCount: number;
  readonly bytes: DataView;
  /**
   * Per line: where its front begins, how long it is, the same of its back, and the cell that it shows. A front of length 0 is
   * the shared one.
   */
  readonly spans: Int32Array;
  /** The length of the first line's front, which most others share: it stands at the beginning of the opening. */
  readonly sharedFront: number;
  /** How many bytes the lines of a series take besides their labels. */
  readonly room: number;
  #opening: DataView;
  #openingRoom = 256;

  /** Frames for series with any labels (`labelled`), or for the one without. */
  constructor(lines: readonly SeriesLine[], labelled: boolean) {
    const texts = lines.map((line) => ({ front: frontOf(line, labelled), back: backOf(line, labelled) }));
    const bytes = viewOf(texts.reduce((room, { front, back }) => room + utf8Room(front) + utf8Room(back), 0));
    this.spans = new Int32Array(lines.length * SPANS_PER_LINE);
    let position = 0;
    let room = 0;
    texts.forEach(({ front, back }, line) => {
      const frontEnd = writeUtf8(bytes, position, front);
      const end = writeUtf8(bytes, frontEnd, back);
      const own = front === texts[0]!.front ? 0 : frontEnd - position;
      this.spans.set([position, own, frontEnd, end - frontEnd, lines[line]!.cell], line * SPANS_PER_LINE);
      room += end - position + MAX_NUMBER_BYTES + 1;
      position = end;
    });
    this.lineCount = lines.length;
    this.bytes = bytes;
    this.room = room;
    this.sharedFront = this.spans[2]!;
    this.#opening = this.#newOpening(this.#openingRoom);
  }

  /** The shared front with room behind it for the labels of a series. It may be used again for the next series. */
  openingFor(labelBytes: number): DataView {
    if (labelBytes <= this.#openingRoom) return this.#opening;
    if (labelBytes > KEPT_LABEL_BYTES) return this.#newOpening(labelBytes);
    this.#openingRoom = 2 * labelBytes;
    this.#opening = this.#newOpening(this.#openingRoom);
    return this.#opening;
  }

  #newOpening(labelBytes: number): DataView {
    const opening = viewOf(this.sharedFront + labelBytes);
    copyBytes(opening, 0, this.bytes, 0, this.sharedFront);
    return opening;
  }
}

function frontOf({ name, label, labelFirst }: SeriesLine, labelled: boolean): string {
  if (label === undefined) return labelled ? openingText(name) : bareText(name);
  const first = labelFirst === true ? labelText(...label) + (labelled ? ',' : '') : '';
  return openingText(name) + first;
}

function backOf({ label, labelFirst }: SeriesLine, labelled: boolean): string {
  if (label === undefined) return labelled ? '} ' : ' ';
  return labelFirst === true ? '} ' : `${labelled ? ',' : ''}${labelText(...label)}} `;
}
