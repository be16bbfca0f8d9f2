// What the writer remembers of the native histograms of a table: the last one of every slot, and what of them the record
// that is being written has to say.
import { isNoChange, type SparseHistogram, writeChanges } from '../../../lib/model/native-changes.js';
import { NativeState } from '../../../lib/model/native-state.js';
import { ByteWriter } from '../format/byte-writer.js';

export class TableHistograms {
  readonly #states: (NativeState | undefined)[] = [];
  readonly #changed = new ByteWriter();
  readonly #one = new ByteWriter();
  #slotBefore = 0;

  /** What became of the histograms since `begin`; empty when nothing did. */
  get changed(): ByteWriter {
    return this.#changed;
  }

  begin(): void {
    this.#changed.clear();
    this.#one.clear();
    this.#slotBefore = 0;
  }

  put(slot: number, histogram: SparseHistogram | undefined): void {
    const last = this.#states[slot];
    if (last === undefined && histogram === undefined) return;
    this.#one.clear();
    writeChanges(this.#one, histogram, last);
    if (isNoChange(this.#one.written)) return;
    this.#changed.signed(slot - this.#slotBefore);
    this.#changed.append(this.#one);
    this.#slotBefore = slot;
    if (histogram === undefined) this.forget(slot);
    else this.#stateOf(slot).assign(histogram);
  }

  /** The series of a slot is gone. */
  forget(slot: number): void {
    this.#states[slot] = undefined;
  }

  #stateOf(slot: number): NativeState {
    while (this.#states.length <= slot) this.#states.push(undefined);
    const state = this.#states[slot] ?? new NativeState();
    this.#states[slot] = state;
    return state;
  }
}
