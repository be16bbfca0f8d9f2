// The way from the rows of a snapshot's block to the slots of their series. It is walked for every series of every
// snapshot, so it looks at no label: the same array of label ids means the same series.
import type { SeriesBlock } from '../../../lib/model/family.js';

/** For a row that has no slot yet, and a slot that has no series. */
export const NO_SLOT = -1;

/** @typeParam T - The table that the slots are of. */
export class BlockMap<T> {
  readonly table: T;
  readonly #block: Pick<SeriesBlock, 'dictionaries' | 'labelIds' | 'constantLabels'>;
  #slots: Int32Array;
  /** Which series of its slot a row means: a slot is used again once its series is gone. */
  #births: Int32Array;

  /** @param before - The map of the block that stood in this place before: rows with the same ids are the same series. */
  constructor(table: T, block: SeriesBlock, before: BlockMap<T> | undefined) {
    const { dictionaries, labelIds, constantLabels, size } = block;
    this.table = table;
    this.#block = { dictionaries, labelIds, constantLabels };
    const arity = dictionaries.length;
    const rows = Math.max(size, arity === 0 ? 0 : Math.floor(labelIds.length / arity));
    this.#slots = new Int32Array(rows).fill(NO_SLOT);
    this.#births = new Int32Array(rows);
    if (before?.speaksOf(block) === true) this.#adopt(before);
  }

  /** Whether ids mean the same here as in a block. */
  speaksOf({ dictionaries, constantLabels }: SeriesBlock): boolean {
    const own = this.#block;
    if (own.dictionaries.length !== dictionaries.length) return false;
    for (let c = 0; c < dictionaries.length; c++) if (own.dictionaries[c] !== dictionaries[c]) return false;
    return own.constantLabels === constantLabels || areSamePairs(own.constantLabels, constantLabels);
  }

  slotOf(row: number): number {
    return row < this.#slots.length ? (this.#slots[row] as number) : NO_SLOT;
  }

  birthOf(row: number): number {
    return this.#births[row] as number;
  }

  set(row: number, slot: number, birth: number): void {
    if (row >= this.#slots.length) this.#grow(row + 1);
    this.#slots[row] = slot;
    this.#births[row] = birth;
  }

  #grow(rows: number): void {
    const slots = new Int32Array(rows * 2).fill(NO_SLOT);
    const births = new Int32Array(rows * 2);
    slots.set(this.#slots);
    births.set(this.#births);
    this.#slots = slots;
    this.#births = births;
  }

  #adopt(before: BlockMap<T>): void {
    const arity = this.#block.dictionaries.length;
    const ids = this.#block.labelIds;
    const idsBefore = before.#block.labelIds;
    const rows = Math.min(this.#slots.length, before.#slots.length);
    for (let row = 0; row < rows; row++) {
      let at = row * arity;
      const end = at + arity;
      while (at < end && ids[at] === idsBefore[at]) at++;
      if (at < end) continue;
      this.#slots[row] = before.#slots[row] as number;
      this.#births[row] = before.#births[row] as number;
    }
  }
}

export function areSamePairs(a: SeriesBlock['constantLabels'], b: SeriesBlock['constantLabels']): boolean {
  return a.length === b.length && a.every(([name, value], c) => name === b[c]?.[0] && value === b[c]?.[1]);
}
