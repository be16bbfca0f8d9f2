// Info: facts about the program as labels, with the value 1.
import { Instrument } from './instrument.js';
import type { LabelArguments, Labels } from './labels.js';

/**
 * Facts that do not change while the program runs: its version, its build.
 *
 * @example
 * metrics.info('build_info', { version: '1.2.0' });
 * // build_info{version="1.2.0"} 1
 */
export class Info<Name extends string = string> extends Instrument<Name> {
  #shown: number | undefined;

  /** Shows these labels, in place of those shown before. */
  set(...args: LabelArguments<Name>): void;
  set(labels?: Labels): void {
    const location = this.locate(labels ?? {});
    if (location === undefined) return;
    const { group, slot } = location;
    group.rowOf(slot).fill(1);
    if (this.#shown !== undefined && this.#shown !== slot) this.family.removeAt({ group, slot: this.#shown });
    this.#shown = slot;
  }

  protected child(fixed: Readonly<Record<string, unknown>>): Info {
    return new Info(this.family, fixed);
  }
}
