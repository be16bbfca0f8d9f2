// The values of one label as the bytes of remote write's `Label` messages, made once and kept for as long as their dictionary
// lives: the labels of a series are then a few short copies.
// Source: https://prometheus.io/docs/specs/prw/remote_write_spec/#protocol
import { SLACK, viewOf } from '../../lib/exposition/bytes.js';
import { labelPairBytes, writeLabelPair } from '../../lib/exposition/protobuf/wire.js';
import type { LabelDictionary, SeriesBlock } from '../../lib/model/family.js';

const FIRST_BYTES = 512;

/** How many bytes a label takes in a series; an empty one is none. */
export function labelBytes(name: string, value: string): number {
  return value === '' ? 0 : labelPairBytes(name, value);
}

/** Writes a label and answers where it ends; there must be `labelBytes` and some slack. */
export function writeLabel(target: DataView, at: number, [name, value]: readonly [string, string]): number {
  return value === '' ? at : writeLabelPair(target, at, name, value);
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
