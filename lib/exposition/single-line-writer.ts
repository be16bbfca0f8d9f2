// Writes series that have one line each: counters, gauges and their like. It is apart from the writer of longer series
// because it can go without the intermediate copy of the labels: what stands around them is a part of the label pieces.
//
// A line with three labels takes 35–40 ns: three copies, a number and a line feed.
import type { SeriesBlock } from '../model/family.js';
import type { ChunkWriter } from './chunk-writer.js';
import { bareText, openingText, textLabels } from './escape.js';
import { copyLabels, type LabelColumns, type LabelFrame, labelColumnsOf } from './label-columns.js';
import { MAX_NUMBER_BYTES, writeNumber } from './numbers.js';

const LINE_FEED = 0x0a;

/** Writes the blocks of a family whose samples have this name. */
export class SingleLineWriter {
  readonly #frame: LabelFrame;

  constructor(name: string) {
    this.#frame = { form: textLabels, before: openingText(name), after: '} ', bare: `${bareText(name)} ` };
  }

  writeBlock(block: SeriesBlock, writer: ChunkWriter): void {
    writeRows(block, writer, labelColumnsOf(block, this.#frame));
  }
}

/** Apart from the method because the compiler puts all calls of a small function in line, and not those of a large one. */
function writeRows(block: SeriesBlock, writer: ChunkWriter, columns: LabelColumns): void {
  const { live, size, labelIds, values } = block;
  const stride = block.dictionaries.length;
  for (let row = 0; row < size; row += 1) {
    if (live !== undefined && live[row] === 0) continue;
    const base = row * stride;
    writer.reserve(columns.roomOf(labelIds, base) + MAX_NUMBER_BYTES + 1);
    const { view } = writer;
    let position = copyLabels(columns, labelIds, base, view, writer.position);
    position = writeNumber(view, position, values[row]!);
    view.setUint8(position, LINE_FEED);
    writer.position = position + 1;
  }
}
