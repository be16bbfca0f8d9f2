// Writes series that have several lines each: histograms, summaries, state sets, and totals with the time of their
// creation. The labels of a series are put together once and copied from there into each of its lines.
//
// A line of a histogram takes 35–40 ns: two copies, a number and a line feed.
import type { Exemplar } from '../model/exemplar.js';
import type { SeriesBlock } from '../model/family.js';
import { copyBytes } from './bytes.js';
import type { ChunkWriter } from './chunk-writer.js';
import { textLabels } from './escape.js';
import { ExemplarTails } from './exemplar-tails.js';
import { copyLabels, type LabelFrame, labelColumnsOf } from './label-columns.js';
import { LineFrames, SPANS_PER_LINE } from './line-frames.js';
import { writeNumber } from './numbers.js';
import type { SeriesLines } from './series-lines.js';

const LINE_FEED = 0x0a;
const MS_PER_SECOND = 1000;
const LABELS_ALONE: LabelFrame = { form: textLabels, before: '', after: '', bare: '' };

/** One series on its way into text. */
interface Series {
  readonly block: SeriesBlock;
  readonly row: number;
  /** The front that most lines share and the labels, and where they end. */
  readonly opening: DataView;
  readonly openingEnd: number;
  readonly tails: ExemplarTails | undefined;
}

/** Writes the blocks of a family whose series have these lines. */
export class MultiLineWriter {
  readonly #lines: SeriesLines;
  #labelled: LineFrames | undefined;
  #bare: LineFrames | undefined;

  constructor(lines: SeriesLines) {
    this.#lines = lines;
  }

  writeBlock(block: SeriesBlock, writer: ChunkWriter): void {
    const { dictionaries, labelIds, live, size } = block;
    const columns = labelColumnsOf(block, LABELS_ALONE);
    const frames = this.#framesFor(block);
    const front = frames.sharedFront;
    const exemplars = this.#lines.withExemplars > 0 ? block.exemplars : undefined;
    for (let row = 0; row < size; row += 1) {
      if (live !== undefined && live[row] === 0) continue;
      const base = row * dictionaries.length;
      const opening = frames.openingFor(columns.roomOf(labelIds, base));
      const openingEnd = copyLabels(columns, labelIds, base, opening, front);
      const tails = exemplars === undefined ? undefined : tailsOf(exemplars, row);
      writer.reserve(frames.room + (openingEnd - front) * frames.lineCount + (tails?.room ?? 0));
      this.#writeSeries({ block, row, opening, openingEnd, tails }, frames, writer);
    }
  }

  #writeSeries({ block, row, opening, openingEnd, tails }: Series, frames: LineFrames, writer: ChunkWriter): void {
    const { values, width } = block;
    const { cumulative, optionalFrom, hidesNegatives, withExemplars } = this.#lines;
    const tailed = tails === undefined ? 0 : withExemplars;
    const { bytes, spans, lineCount, sharedFront } = frames;
    const { view } = writer;
    let position = writer.position;
    let total = 0;
    for (let line = 0; line < lineCount; line += 1) {
      const span = line * SPANS_PER_LINE;
      const cell = spans[span + 4]!;
      let value = cell < width ? values[row * width + cell]! : Math.floor(block.createdMs[row]!) / MS_PER_SECOND;
      if (line < cumulative) total += value;
      // A later line may show a bucket again: the count is the last one, whose total is what was added up.
      if (cell < cumulative) value = total;
      if (hidesNegatives && value < 0) continue;
      if (cell >= optionalFrom && Number.isNaN(value)) continue;
      const frontLength = spans[span + 1]!;
      copyBytes(view, position, bytes, spans[span]!, frontLength);
      const skipped = frontLength === 0 ? 0 : sharedFront;
      position = (position + frontLength) | 0;
      copyBytes(view, position, opening, skipped, openingEnd - skipped);
      position = (position + openingEnd - skipped) | 0;
      copyBytes(view, position, bytes, spans[span + 2]!, spans[span + 3]!);
      position = writeNumber(view, (position + spans[span + 3]!) | 0, value);
      if (line < tailed) position = tails!.write(view, position, cell);
      view.setUint8(position, LINE_FEED);
      position = (position + 1) | 0;
    }
    writer.position = position;
  }

  #framesFor({ dictionaries, constantLabels }: SeriesBlock): LineFrames {
    if (dictionaries.length > 0 || constantLabels.length > 0) {
      this.#labelled ??= new LineFrames(this.#lines.lines, true);
      return this.#labelled;
    }
    this.#bare ??= new LineFrames(this.#lines.lines, false);
    return this.#bare;
  }
}

function tailsOf(exemplars: ReadonlyMap<number, readonly Exemplar[]>, row: number): ExemplarTails | undefined {
  const own = exemplars.get(row);
  return own === undefined ? undefined : new ExemplarTails(own);
}
