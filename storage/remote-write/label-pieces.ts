// The values of one label as the bytes of remote write's `Label` messages, made once and kept for as long as their dictionary
// lives: the labels of a series are then a few short copies.
//
// The protocol has four messages with two fields each. They are written by hand, because the hot loops copy prepared bytes and
// no protobuf library can: what it would do here are these few lines.
// Source: https://prometheus.io/docs/specs/prw/remote_write_spec/#protocol
import { copyBytes, SLACK, viewOf, writeUtf8 } from '../../lib/exposition/bytes.js';
import type { LabelDictionary, SeriesBlock } from '../../lib/model/family.js';

/** Field 1 of a message, and field 2, whose contents have a length: in `TimeSeries` a label and a sample. */
export const FIRST_FIELD = 0x0a;
export const SECOND_FIELD = 0x12;

const FIRST_BYTES = 512;
/**
 * Up to here bytes are copied as doubles. Longer pieces have a length whose bytes can look like a NaN, which the engine may
 * change in copying; text never does.
 */
const MOST_COPIED_AS_DOUBLES = 16_000;

/** How many bytes a number takes as a varint. */
export function varintBytes(value: number): number {
  let bytes = 1;
  for (let rest = value; rest >= 0x80; rest >>>= 7) bytes++;
  return bytes;
}

/** Writes a number from 0 to 2³¹ - 1 and answers where it ends. */
export function writeVarint(target: DataView, at: number, value: number): number {
  let position = at;
  let rest = value;
  while (rest >= 0x80) {
    target.setUint8(position++, (rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  target.setUint8(position, rest);
  return position + 1;
}

/** How many bytes a label takes in a series; an empty one is none. */
export function labelBytes(name: string, value: string): number {
  if (value === '') return 0;
  const inner = innerBytes(name, Buffer.byteLength(value));
  return 1 + varintBytes(inner) + inner;
}

/** Writes a label and answers where it ends; there must be `labelBytes` and some slack. */
export function writeLabel(target: DataView, at: number, [name, value]: readonly [string, string]): number {
  if (value === '') return at;
  const length = Buffer.byteLength(value);
  target.setUint8(at, FIRST_FIELD);
  let position = writeVarint(target, at + 1, innerBytes(name, length));
  target.setUint8(position, FIRST_FIELD);
  position = writeUtf8(target, writeVarint(target, position + 1, Buffer.byteLength(name)), name);
  target.setUint8(position, SECOND_FIELD);
  return writeUtf8(target, writeVarint(target, position + 1, length), value);
}

function innerBytes(name: string, valueBytes: number): number {
  const nameBytes = Buffer.byteLength(name);
  return 2 + varintBytes(nameBytes) + nameBytes + varintBytes(valueBytes) + valueBytes;
}

/** Copies `length` bytes and up to seven more, which whatever is written next overwrites. As fast as `copyBytes`. */
export function copyPiece(target: DataView, at: number, source: DataView, from: number, length: number): void {
  if (length <= MOST_COPIED_AS_DOUBLES) {
    copyBytes(target, at, source, from, length);
  } else {
    const bytes = new Uint8Array(source.buffer, source.byteOffset + from, length);
    new Uint8Array(target.buffer, target.byteOffset).set(bytes, at);
  }
}

/** The labels of one dictionary. Where a value is empty, the label of `fallback` takes its place, if there is one. */
export class LabelPieces {
  // Public, because the hot loop reads them for every series.
  view: DataView = viewOf(FIRST_BYTES);
  /** Two numbers per value: where its piece is, -1 until it was made, and its length. */
  spans: Int32Array = new Int32Array(0);
  readonly #dictionary: LabelDictionary;
  readonly #fallback: string;
  #used = 0;
  #made = 0;

  constructor(dictionary: LabelDictionary, fallback = '') {
    this.#dictionary = dictionary;
    this.#fallback = fallback;
  }

  /** Makes the pieces that the series of a block need and that are new. */
  prepare({ dictionaries, labelIds, live, size }: SeriesBlock, column: number): void {
    const { length } = this.#dictionary.values;
    if (this.#made === length) return;
    this.#cover(length);
    const stride = dictionaries.length;
    for (let row = 0; row < size; row++) {
      if (live !== undefined && live[row] === 0) continue;
      const id = labelIds[row * stride + column] as number;
      if (this.spans[2 * id] === -1) this.#make(id);
    }
  }

  #cover(values: number): void {
    if (this.spans.length >= 2 * values) return;
    // Exact at first, because most labels are complete by then; later with a reserve, so that slow growth stays cheap.
    const grown = new Int32Array(this.spans.length === 0 ? 2 * values : 2 * Math.ceil(values * 1.25)).fill(-1);
    grown.set(this.spans);
    this.spans = grown;
  }

  #make(id: number): void {
    const { name, values } = this.#dictionary;
    const value = (values[id] as string) || this.#fallback;
    const length = labelBytes(name, value);
    this.#reserve(length);
    writeLabel(this.view, this.#used, [name, value]);
    this.spans[2 * id] = this.#used;
    this.spans[2 * id + 1] = length;
    this.#used += length;
    this.#made++;
  }

  #reserve(bytes: number): void {
    const end = this.#used + bytes;
    if (end + SLACK <= this.view.byteLength) return;
    const grown = viewOf(Math.max(end, 2 * this.view.byteLength));
    new Uint8Array(grown.buffer).set(new Uint8Array(this.view.buffer, 0, this.#used));
    this.view = grown;
  }
}
