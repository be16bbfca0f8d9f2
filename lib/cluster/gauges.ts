// Gauges, info and state sets: what several workers say at this moment becomes one value, by the gauge's aggregation. Worked
// out anew for each reading, because what is so now has no history.
import type { Block } from '../instruments/series-group.js';
import type { GaugeAggregation } from '../model/family.js';
import type { Pace } from '../model/pace.js';
import { MergedFamily, type MergedFamilyOptions } from './merged-family.js';
import type { MergedGroup } from './merged-group.js';
import { NOWHERE, type SourceBlock } from './source-block.js';

type Fold = 'sum' | 'min' | 'max' | 'mean' | 'mostRecent' | 'all';

/** The values of workers that are gone, of one series. */
interface Legacy {
  value: number;
  count: number;
  recordedAt: number;
}

/** Series of dead workers that are shown one by one: no more of these are kept, or restarts would add up. */
const MOST_DEAD_SHOWN = 1000;

/** Values in the making, so that readers who are still at the last ones are not disturbed. */
interface Draft {
  readonly values: Float64Array;
  readonly counts: Float64Array;
  readonly times: Float64Array;
}

export class MergedGauge extends MergedFamily {
  readonly #fold: Fold;
  readonly #countsDead: boolean;
  readonly #legacies = new WeakMap<MergedGroup, Map<number, Legacy>>();
  /** Of dead workers, shown one by one, the oldest first. */
  readonly #dead = new Map<string, { readonly group: MergedGroup; readonly slot: number }>();

  constructor(options: MergedFamilyOptions) {
    super(options);
    const { descriptor } = options;
    // Facts and states hold where any worker says so.
    const { aggregation = 'liveSum' }: { readonly aggregation?: GaugeAggregation } =
      descriptor.type === 'gauge' ? descriptor : { aggregation: 'liveMax' };
    this.#countsDead = !aggregation.startsWith('live');
    const plain = this.#countsDead ? aggregation : aggregation.slice('live'.length);
    this.#fold = (plain.charAt(0).toLowerCase() + plain.slice(1)) as Fold;
  }

  /** Whether every worker has series of its own. */
  get isPerWorker(): boolean {
    return this.#fold === 'all';
  }

  override async merge(pace: Pace): Promise<void> {
    const drafts = new Map<MergedGroup, Draft[]>();
    for (const group of this.groups()) drafts.set(group, this.#begin(group));
    for (const block of [...this.sources]) {
      if (block.isLeftOut) continue;
      this.#foldAll(block, drafts);
      pace.count(block.values.length * 4);
      if (pace.isDue) await pace.pause();
    }
    for (const [group, list] of drafts) this.#finish(group, list);
  }

  override settle(block: SourceBlock, row: number, end: 'removed' | 'died'): void {
    if (end === 'removed' || !this.#countsDead) return;
    const place = block.slots[row] as number;
    if (place === NOWHERE) return;
    const { group, slot } = this.targetOf(block, place);
    const value = block.values[row * block.width] as number;
    const recordedAt = timeOf(block, row);
    const legacies = this.#legaciesOf(group);
    const legacy = legacies.get(slot);
    if (legacy === undefined) legacies.set(slot, { value, count: 1, recordedAt });
    else {
      legacy.value = this.#folded(legacy.value, value, recordedAt >= legacy.recordedAt);
      legacy.count++;
      legacy.recordedAt = Math.max(legacy.recordedAt, recordedAt);
    }
    if (this.isPerWorker) this.#bury(group, slot);
  }

  override release(group: MergedGroup, slot: number, keeps: boolean): void {
    super.release(group, slot, keeps && this.#countsDead);
  }

  override hold(group: MergedGroup, slot: number): void {
    super.hold(group, slot);
    // A worker of the same name as one before goes on with its series.
    if (!this.isPerWorker || slot < 0) return;
    this.#dead.delete(keyOf(group, slot));
    this.#legaciesOf(group).delete(slot);
  }

  protected override drop(group: MergedGroup, slot: number): void {
    super.drop(group, slot);
    this.#legaciesOf(group).delete(slot);
    this.#dead.delete(keyOf(group, slot));
  }

  #bury(group: MergedGroup, slot: number): void {
    this.#dead.set(keyOf(group, slot), { group, slot });
    if (this.#dead.size <= MOST_DEAD_SHOWN) return;
    const [oldest] = this.#dead.values();
    if (oldest !== undefined) this.drop(oldest.group, oldest.slot);
  }

  #begin(group: MergedGroup): Draft[] {
    const drafts = group.series.blocks.map(({ values }) => ({
      values: new Float64Array(values.length).fill(Number.NaN),
      counts: new Float64Array(values.length),
      times: new Float64Array(values.length).fill(Number.NEGATIVE_INFINITY),
    }));
    for (const [slot, { value, count, recordedAt }] of this.#legaciesOf(group)) {
      const { shift, mask } = group.series;
      const draft = drafts[slot >> shift] as Draft;
      const at = (slot & mask) * this.width;
      draft.values[at] = value;
      draft.counts[at] = count;
      draft.times[at] = recordedAt;
    }
    return drafts;
  }

  #foldAll(block: SourceBlock, drafts: ReadonlyMap<MergedGroup, readonly Draft[]>): void {
    const { slots, values, width } = block;
    for (let row = 0; row < slots.length; row++) {
      const place = slots[row] as number;
      if (place === NOWHERE) continue;
      const { group, slot } = this.targetOf(block, place);
      const { shift, mask } = group.series;
      const draft = drafts.get(group)?.[slot >> shift];
      if (draft === undefined) continue;
      const time = timeOf(block, row);
      const to = (slot & mask) * width;
      for (let i = 0; i < width; i++) {
        const isLater = time >= (draft.times[to + i] as number);
        const value = values[row * width + i] as number;
        draft.values[to + i] =
          draft.counts[to + i] === 0 ? value : this.#folded(draft.values[to + i] as number, value, isLater);
        (draft.counts[to + i] as number)++;
        if (isLater) draft.times[to + i] = time;
      }
    }
  }

  /** NaN stands for "unknown", and leaves the word to those who know. */
  #folded(a: number, b: number, isLater: boolean): number {
    if (this.#fold === 'mostRecent') return isLater ? b : a;
    if (this.#fold === 'all') return b;
    if (Number.isNaN(a)) return b;
    if (Number.isNaN(b)) return a;
    if (this.#fold === 'min') return Math.min(a, b);
    return this.#fold === 'max' ? Math.max(a, b) : a + b;
  }

  /** Puts the finished values in the place of the last ones, which whoever reads them may keep. */
  #finish({ series }: MergedGroup, drafts: readonly Draft[]): void {
    drafts.forEach(({ values, counts }, b) => {
      if (this.#fold === 'mean') for (let i = 0; i < values.length; i++) (values[i] as number) /= counts[i] as number;
      (series.blocks[b] as Block).values = values;
    });
  }

  #legaciesOf(group: MergedGroup): Map<number, Legacy> {
    let legacies = this.#legacies.get(group);
    if (legacies === undefined) {
      legacies = new Map();
      this.#legacies.set(group, legacies);
    }
    return legacies;
  }
}

function timeOf(block: SourceBlock, row: number): number {
  return (block.recordedAt[row] ?? Number.NEGATIVE_INFINITY) + block.clockOffset;
}

function keyOf({ series }: MergedGroup, slot: number): string {
  return JSON.stringify([series.valuesOf(slot), series.names]);
}
