// One family put together from those of all workers: its series, and how many workers have each of them. What becomes of
// the numbers differs by type, and is in the classes that extend this one.
import { OVERFLOW_LABEL } from '../instruments/definition.js';
import type { SeriesExemplars } from '../instruments/series-exemplars.js';
import { type Block, SeriesGroup } from '../instruments/series-group.js';
import { SeriesMemory } from '../instruments/series-memory.js';
import type { Exemplar } from '../model/exemplar.js';
import { type FamilyDescriptor, type MetricFamily, rowWidth, type SeriesBlock } from '../model/family.js';
import type { Pace } from '../model/pace.js';
import type { MergedGroup } from './merged-group.js';
import { NewestExemplars } from './newest-exemplars.js';
import { OVERFLOWS, type SourceBlock } from './source-block.js';

const MOST_ROWS = 1024;

export interface MergedFamilyOptions {
  readonly descriptor: FamilyDescriptor;
  readonly labelNames: readonly string[] | undefined;
  readonly maxSeries: number;
  /** Hears once that there are too many series. */
  readonly overflowed: () => void;
}

export abstract class MergedFamily implements MetricFamily {
  readonly descriptor: FamilyDescriptor;
  readonly labelNames: readonly string[] | undefined;
  observedNegative = false;
  /** The blocks of all workers that are there. */
  readonly sources = new Set<SourceBlock>();
  protected readonly width: number;
  readonly #options: MergedFamilyOptions;
  readonly #groups = new Map<string, MergedGroup>();
  #overflow: MergedGroup | undefined;
  #count = 0;

  constructor(options: MergedFamilyOptions) {
    this.#options = options;
    this.descriptor = options.descriptor;
    this.labelNames = options.labelNames;
    this.width = rowWidth(options.descriptor);
  }

  /** Whether every worker that has the family could not collect it this time. */
  get isLeftOut(): boolean {
    if (this.sources.size === 0) return false;
    for (const { isLeftOut } of this.sources) if (!isLeftOut) return false;
    return true;
  }

  /** The group for these label names, in the order in which they are shown. */
  groupFor(names: readonly string[]): MergedGroup {
    const key = JSON.stringify(names);
    let group = this.#groups.get(key);
    if (group === undefined) {
      group = this.#newGroup(names);
      this.#groups.set(key, group);
    }
    return group;
  }

  /** Where the series with these label values belongs, which starts if need be. */
  placeOf(group: MergedGroup, values: readonly string[], createdMs: number): number {
    const { series } = group;
    let slot = series.slotOf(values);
    if (slot < 0) {
      if (this.#count >= this.#options.maxSeries) return this.#toOverflow();
      slot = series.add(values, createdMs, 0);
      group.holders[slot] = 0;
      this.#count++;
    }
    return slot;
  }

  hold(group: MergedGroup, slot: number): void {
    if (slot >= 0) (group.holders[slot] as number)++;
  }

  /**
   * A worker has the series no more. One that every worker removed is gone; one whose last worker died stays, where
   * `keeps` says so.
   */
  release(group: MergedGroup, slot: number, keeps: boolean): void {
    if (slot < 0) return;
    (group.holders[slot] as number)--;
    if (group.holders[slot] === 0 && !keeps) this.drop(group, slot);
  }

  /** Takes up an exemplar of a worker: of all workers', the most recent one of each bucket is shown. */
  keep(source: SourceBlock, place: number, exemplar: Exemplar): void {
    const { group, slot } = this.targetOf(source, place);
    const { blocks, shift, mask } = group.series;
    const block = blocks[slot >> shift] as Block;
    block.exemplars ??= new Map();
    let kept = block.exemplars.get(slot & mask);
    if (kept === undefined) {
      kept = this.newExemplars();
      block.exemplars.set(slot & mask, kept);
    }
    kept.add(exemplar);
  }

  *blocks(): Generator<SeriesBlock> {
    for (const { series } of [...this.#groups.values(), ...(this.#overflow === undefined ? [] : [this.#overflow])]) {
      for (const { block } of series.walk()) yield block;
    }
  }

  /** Brings the numbers up to date with those of the workers. */
  abstract merge(pace: Pace): Promise<void>;
  /** Takes up what a row holds before its worker, or its series, is gone. */
  abstract settle(block: SourceBlock, row: number, end: 'removed' | 'died'): void;

  /** All groups; that of the overflow series last. */
  protected *groups(): Generator<MergedGroup> {
    yield* this.#groups.values();
    if (this.#overflow !== undefined) yield this.#overflow;
  }

  /** The group and slot that a row counts into. */
  protected targetOf(block: SourceBlock, slot: number): { readonly group: MergedGroup; readonly slot: number } {
    return slot === OVERFLOWS ? { group: this.#overflow as MergedGroup, slot: 0 } : { group: block.group, slot };
  }

  /** Series per block at most. */
  protected get mostRows(): number {
    return MOST_ROWS;
  }

  /** What keeps the exemplars of one series. */
  protected newExemplars(): SeriesExemplars {
    return new NewestExemplars();
  }

  protected drop(group: MergedGroup, slot: number): void {
    group.series.remove(slot);
    this.#count--;
  }

  #toOverflow(): number {
    if (this.#overflow === undefined) {
      this.#overflow = this.#newGroup([OVERFLOW_LABEL]);
      this.#overflow.series.add(['true'], Date.now(), 0);
      this.#options.overflowed();
    }
    return OVERFLOWS;
  }

  #newGroup(names: readonly string[]): MergedGroup {
    const { width } = this;
    const memory = new SeriesMemory();
    const series = new SeriesGroup({
      names,
      width,
      mostRows: this.mostRows,
      constantLabels: [],
      keepsTimes: false,
      memory,
    });
    return { series, holders: [] };
  }
}
