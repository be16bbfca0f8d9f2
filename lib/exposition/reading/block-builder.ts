// Series of one kind in columns: rows are appended to blocks of a size that readers can take at once.
import type { Exemplar } from '../../model/exemplar.js';
import type { LabelDictionary, SeriesBlock } from '../../model/family.js';
import { grown } from './grown.js';

/** Series per block, so that whoever walks a family can pause between two. */
const MOST_ROWS = 1024;
const FIRST_ROWS = 8;

export class BlockBuilder {
  readonly #dictionaries: readonly LabelDictionary[];
  readonly #width: number;
  readonly #target: SeriesBlock[];
  #size = 0;
  #labelIds: Int32Array;
  #values: Float64Array;
  #createdMs = new Float64Array(FIRST_ROWS);
  #timestampsMs = new Float64Array(FIRST_ROWS);
  #hasTimes = false;
  #exemplars = new Map<number, readonly Exemplar[]>();

  /** Finished blocks go to `target`. */
  constructor(dictionaries: readonly LabelDictionary[], width: number, target: SeriesBlock[]) {
    this.#dictionaries = dictionaries;
    this.#width = width;
    this.#target = target;
    this.#labelIds = new Int32Array(FIRST_ROWS * dictionaries.length);
    this.#values = new Float64Array(FIRST_ROWS * width);
  }

  /** The numbers of all rows; those of the next one are to be written from `offset` on before it is added. */
  get values(): Float64Array {
    return this.#values;
  }

  get offset(): number {
    return this.#size * this.#width;
  }

  add(labelIds: Int32Array, start: number, { createdMs, timestampMs, exemplars }: RowFacts): void {
    const row = this.#size++;
    const arity = this.#dictionaries.length;
    for (let c = 0; c < arity; c++) this.#labelIds[row * arity + c] = labelIds[start + c]!;
    this.#createdMs[row] = createdMs;
    this.#timestampsMs[row] = timestampMs;
    if (!Number.isNaN(timestampMs)) this.#hasTimes = true;
    if (exemplars.length > 0) this.#exemplars.set(row, exemplars);
    if (this.#size === MOST_ROWS) this.finish();
    else if (this.#size === this.#createdMs.length) this.#grow();
  }

  finish(): void {
    const size = this.#size;
    if (size === 0) return;
    this.#target.push({
      size,
      live: undefined,
      dictionaries: this.#dictionaries,
      labelIds: this.#labelIds.slice(0, size * this.#dictionaries.length),
      constantLabels: [],
      width: this.#width,
      values: this.#values.slice(0, size * this.#width),
      createdMs: this.#createdMs.slice(0, size),
      ...(this.#exemplars.size > 0 && { exemplars: this.#exemplars }),
      ...(this.#hasTimes && { timestampsMs: this.#timestampsMs.slice(0, size) }),
    });
    this.#size = 0;
    this.#hasTimes = false;
    this.#exemplars = new Map();
  }

  #grow(): void {
    this.#labelIds = grown(this.#labelIds);
    this.#values = grown(this.#values);
    this.#createdMs = grown(this.#createdMs);
    this.#timestampsMs = grown(this.#timestampsMs);
  }
}

/** What a series has besides its labels and its numbers; NaN for a time that nobody told. */
export interface RowFacts {
  readonly createdMs: number;
  readonly timestampMs: number;
  readonly exemplars: readonly Exemplar[];
}
