// How one family looks in one text format. What follows from its descriptor is worked out once and kept with it, so that a
// scrape of a thousand small families costs little more than their lines.
import type { FamilyDescriptor, MetricFamily, SeriesBlock } from '../model/family.js';
import { copyBytes, utf8Room, viewOf, writeUtf8 } from './bytes.js';
import type { ChunkWriter } from './chunk-writer.js';
import { MultiLineWriter } from './multi-line-writer.js';
import type { SeriesLines } from './series-lines.js';
import { SingleLineWriter } from './single-line-writer.js';
import type { TextFormat } from './text-format.js';

/** All families in one format. */
export class FamilyTexts {
  readonly format: TextFormat;
  readonly #known = new WeakMap<FamilyDescriptor, FamilyText>();

  constructor(format: TextFormat) {
    this.format = format;
  }

  of(family: MetricFamily): FamilyText {
    const known = this.#known.get(family.descriptor);
    if (known?.observedNegative === family.observedNegative) return known;
    const text = new FamilyText(family, this.format);
    this.#known.set(family.descriptor, text);
    return text;
  }
}

export class FamilyText {
  /** The one thing besides the descriptor that the text depends on. */
  readonly observedNegative: boolean;
  readonly #header: DataView;
  readonly #headerLength: number;
  readonly #series: SingleLineWriter | MultiLineWriter;

  constructor(family: MetricFamily, format: TextFormat) {
    this.observedNegative = family.observedNegative;
    const header = format.header(family);
    this.#header = viewOf(utf8Room(header));
    this.#headerLength = writeUtf8(this.#header, 0, header);
    this.#series = writerOf(format.lines(family));
  }

  writeHeader(writer: ChunkWriter): void {
    writer.reserve(this.#headerLength);
    copyBytes(writer.view, writer.position, this.#header, 0, this.#headerLength);
    writer.position += this.#headerLength;
  }

  writeBlock(block: SeriesBlock, writer: ChunkWriter): void {
    this.#series.writeBlock(block, writer);
  }
}

function writerOf(lines: SeriesLines): SingleLineWriter | MultiLineWriter {
  const [first, ...others] = lines.lines;
  const single =
    first !== undefined &&
    others.length === 0 &&
    first.label === undefined &&
    first.cell === 0 &&
    lines.withExemplars === 0;
  return single ? new SingleLineWriter(first.name) : new MultiLineWriter(lines);
}
