// Writes series that have several lines each: histograms, summaries, state sets, and counters with the time of their
// creation. The labels of a series are put together once, and copied into each of its lines.
//
// A line of a histogram takes 20–30 ns: three copies, a number and a line feed.
import type { SeriesBlock } from '../model/family.js';
import { copyBytes, utf8Room, viewOf, writeUtf8 } from './bytes.js';
import type { ChunkWriter } from './chunk-writer.js';
import { escapeLabelValue } from './escape.js';
import { copyLabels, type LabelColumns, labelColumnsOf } from './label-columns.js';
import { MAX_NUMBER_BYTES, writeNumber } from './numbers.js';
import type { SeriesLine } from './series-lines.js';

const LINE_FEED = 0x0a;
/** Milliseconds are shown as seconds. */
const MS_PER_SECOND = 1000;

export interface Lines {
  readonly lines: readonly SeriesLine[];
  /** How many of a row's first numbers add up from line to line: the buckets of a histogram. */
  readonly cumulative: number;
  readonly hidesNegatives: boolean;
}

/** What stands before and behind the labels of each line, as bytes, for one way of having labels. */
interface Frames {
  readonly bytes: DataView;
  /** Four numbers a line: where its front begins and how long it is, and the same of its back. */
  readonly spans: Int32Array;
  /** Of one series: all fronts, backs, numbers and line feeds. */
  readonly room: number;
}

export class MultiLineWriter {
  readonly #writer: ChunkWriter;
  readonly #lines: Lines;
  readonly #cells: Int32Array;
  readonly #frames = new Map<string, Frames>();
  #labels = viewOf(1024);

  constructor(writer: ChunkWriter, lines: Lines) {
    this.#writer = writer;
    this.#lines = lines;
    this.#cells = Int32Array.from(lines.lines, ({ cell }) => cell);
  }

  writeBlock(block: SeriesBlock): void {
    const { dictionaries, constantLabels, labelIds, live, size } = block;
    const constants = constantLabels.map(([name, value]) => `,${name}="${escapeLabelValue(value)}"`).join('');
    const bare = constants.slice(1);
    const columns = labelColumnsOf(dictionaries, { before: '', after: constants, bare });
    columns.prepare(block);
    const frames = this.#framesFor(dictionaries.length > 0 || constants !== '');
    for (let row = 0; row < size; row += 1) {
      if (live !== undefined && live[row] === 0) continue;
      const base = row * dictionaries.length;
      const length = this.#copyLabels(columns, labelIds, base);
      this.#writer.reserve(frames.room + length * this.#cells.length);
      this.#writeSeries(block, row, frames, length);
    }
  }

  /** Puts the labels of a series together where every line copies them from. */
  #copyLabels(columns: LabelColumns, labelIds: Int32Array, base: number): number {
    const room = columns.measure(labelIds, base);
    if (room + 8 > this.#labels.byteLength) this.#labels = viewOf(2 * room);
    return copyLabels(columns, labelIds, base, this.#labels, 0);
  }

  #writeSeries(block: SeriesBlock, row: number, { bytes, spans }: Frames, length: number): void {
    const writer = this.#writer;
    const { cumulative, hidesNegatives } = this.#lines;
    const { values, width } = block;
    const { view } = writer;
    const cells = this.#cells;
    const labels = this.#labels;
    const offset = row * width;
    let position = writer.position;
    let sum = 0;
    for (let line = 0; line < cells.length; line += 1) {
      const cell = cells[line]!;
      let value = cell < width ? values[offset + cell]! : block.createdMs[row]! / MS_PER_SECOND;
      // The count of a histogram comes after its last bucket and is the same number.
      if (line < cumulative) sum += value;
      if (cell < cumulative) value = sum;
      if (hidesNegatives && value < 0) continue;
      const span = line << 2;
      copyBytes(view, position, bytes, spans[span]!, spans[span + 1]!);
      position = (position + spans[span + 1]!) | 0;
      copyBytes(view, position, labels, 0, length);
      position = (position + length) | 0;
      copyBytes(view, position, bytes, spans[span + 2]!, spans[span + 3]!);
      position = writeNumber(view, (position + spans[span + 3]!) | 0, value);
      view.setUint8(position, LINE_FEED);
      position = (position + 1) | 0;
    }
    writer.position = position;
  }

  #framesFor(labelled: boolean): Frames {
    const key = String(labelled);
    let frames = this.#frames.get(key);
    if (frames === undefined) {
      frames = framesOf(this.#lines.lines, labelled);
      this.#frames.set(key, frames);
    }
    return frames;
  }
}

function framesOf(lines: readonly SeriesLine[], labelled: boolean): Frames {
  const pieces = lines.flatMap(({ name, label }) => {
    if (label === undefined) return labelled ? [`${name}{`, '} '] : [`${name} `, ''];
    const own = `${label[0]}="${escapeLabelValue(label[1])}"`;
    return [`${name}{`, `${labelled ? ',' : ''}${own}} `];
  });
  const bytes = viewOf(pieces.reduce((room, piece) => room + utf8Room(piece), 0));
  const spans = new Int32Array(pieces.length * 2);
  let end = 0;
  pieces.forEach((piece, i) => {
    const start = end;
    end = writeUtf8(bytes, start, piece);
    spans[2 * i] = start;
    spans[2 * i + 1] = end - start;
  });
  return { bytes, spans, room: end + lines.length * (MAX_NUMBER_BYTES + 1) };
}
