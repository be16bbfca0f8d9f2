// One worker as the gatherer sees it: takes up its reports, and keeps which of its rows is which merged series. What it
// counted stays when it is gone.
import { OVERFLOW_LABEL, reservedLabelsOf } from '../instruments/definition.js';
import { rowWidth } from '../model/family.js';
import { nativeHistogramAt } from '../model/native-histogram.js';
import type { Pace } from '../model/pace.js';
import { MergedGauge } from './gauges.js';
import type { MergedFamilies } from './merged-families.js';
import type { MergedFamily } from './merged-family.js';
import type { MergedGroup } from './merged-group.js';
import { MergedNative } from './natives.js';
import type { BlockNews, ExemplarNews, GroupNews, NativeNews, NumberNews, Report, WindowNews } from './protocol.js';
import { NOWHERE, SourceBlock } from './source-block.js';
import { MergedSummary } from './summaries.js';

/** What one worker may have at most: more is no metric but a fault, and would be paid by the gatherer. */
const MOST_FAMILIES = 10_000;
const MOST_GROUPS = 100_000;
const MOST_ROWS = 5_000_000;

/** Names whose series these are, where every worker has its own. */
const WORKER = 'worker';

interface SourceFamily {
  /** Undefined where the family conflicts with another worker's. */
  readonly merged: MergedFamily | undefined;
  readonly groups: SourceGroup[];
}

interface SourceGroup {
  readonly family: SourceFamily;
  readonly merged: MergedGroup | undefined;
  readonly news: GroupNews;
  /** Label values that all of its series carry besides. */
  readonly suffix: readonly string[];
  readonly blocks: SourceBlock[];
}

/** A report that contradicts what was said before. */
export class BrokenReport extends Error {}

export interface SourceOptions {
  readonly worker: string;
  readonly families: MergedFamilies;
  /** Whether numbers are sent instead of being read in place. */
  readonly copies: boolean;
}

export class Source {
  readonly #options: SourceOptions;
  readonly #families: SourceFamily[] = [];
  readonly #groups: SourceGroup[] = [];
  #rows = 0;

  constructor(options: SourceOptions) {
    this.#options = options;
  }

  /** @throws BrokenReport */
  take(report: Report): void {
    for (const news of report.numbers) this.#takeNumbers(news, report.clockOffset);
    for (const { id, ...family } of report.families) {
      if (id !== this.#families.length || id >= MOST_FAMILIES) throw new BrokenReport(`a family ${id} out of turn`);
      this.#families.push({ merged: this.#options.families.joined({ id, ...family }), groups: [] });
    }
    for (const news of report.groups) this.#takeGroup(news);
    for (const news of report.blocks) this.#takeBlock(news, report.clockOffset);
    for (const news of report.firstNumbers) this.#takeNumbers(news, report.clockOffset);
    for (const news of report.windows) this.#takeWindows(news);
    for (const news of report.natives) this.#takeNatives(news);
    for (const news of report.exemplars) this.#takeExemplars(news);
    for (const id of report.observedNegative) {
      const { merged } = this.#families[id] ?? {};
      if (merged !== undefined) merged.observedNegative = true;
    }
    if (report.answers !== undefined) this.#leaveOut(new Set(report.leftOut));
  }

  /** Takes up what the worker counted to its end, and forgets it. */
  async end(pace: Pace): Promise<void> {
    for (const { merged, blocks } of this.#groups
      .splice(0)
      .map((group) => ({ ...group, merged: group.family.merged }))) {
      for (const block of blocks) {
        merged?.sources.delete(block);
        for (let row = 0; row < block.slots.length; row++) this.#release(merged, block, { row, end: 'died' });
        pace.count(block.slots.length * 10);
        if (pace.isDue) await pace.pause();
      }
    }
    this.#families.length = 0;
  }

  #takeGroup(news: GroupNews): void {
    const family = this.#families[news.family];
    if (family === undefined || news.id !== this.#groups.length || news.id >= MOST_GROUPS) {
      throw new BrokenReport(`a group ${news.id} out of turn`);
    }
    const { merged } = family;
    const labels = [...news.names, ...news.constants.map(([name]) => name)];
    const written = merged === undefined ? [] : reservedLabelsOf(merged.descriptor);
    if (
      labels.some((label, i) => labels.indexOf(label) !== i || (label !== OVERFLOW_LABEL && written.includes(label)))
    ) {
      throw new BrokenReport('a label twice');
    }
    const constants = news.constants.map(([, value]) => value);
    const isPerWorker = merged instanceof MergedGauge && merged.isPerWorker;
    const group: SourceGroup = {
      family,
      merged: merged?.groupFor(isPerWorker ? [...besides(WORKER, labels), WORKER] : labels),
      news,
      suffix: isPerWorker ? [...constants, this.#options.worker] : constants,
      blocks: [],
    };
    this.#groups.push(group);
    family.groups.push(group);
  }

  #takeBlock(news: BlockNews, clockOffset: number): void {
    const group = this.#groups[news.group];
    if (group === undefined || news.block > group.blocks.length) throw new BrokenReport('a block out of turn');
    const { names, width, capacity } = group.news;
    const rows = 1 + news.placed.reduce((most, row) => Math.max(most, row), -1);
    if (rows > capacity || news.labels.length !== news.placed.length * names.length) {
      throw new BrokenReport('rows that do not fit their block');
    }
    if (group.merged === undefined || group.family.merged === undefined) {
      // Nothing is kept of a family that conflicts.
      return;
    }
    const block = this.#blockAt(group, news.block);
    this.#rows += Math.max(0, rows - block.slots.length);
    if (this.#rows > MOST_ROWS) throw new BrokenReport(`more than ${MOST_ROWS} series`);
    block.cover(rows);
    block.clockOffset = clockOffset;
    if (news.values !== undefined && !this.#options.copies) block.values = news.values;
    if (!this.#options.copies) block.carried = news.carried;
    if (news.recordedAt !== undefined && !this.#options.copies) block.recordedAt = news.recordedAt;
    if (width > 0 && block.values.length < rows * width) throw new BrokenReport('fewer numbers than rows');
    for (const row of news.removed)
      if (row < block.slots.length) this.#release(group.family.merged, block, { row, end: 'removed' });
    news.placed.forEach((row, i) => {
      const values = [...news.labels.slice(i * names.length, (i + 1) * names.length), ...group.suffix];
      this.#place(group.family.merged as MergedFamily, block, {
        row,
        values,
        createdMs: news.createdMs[i] ?? Date.now(),
      });
    });
  }

  #blockAt(group: SourceGroup, index: number): SourceBlock {
    let block = group.blocks[index];
    if (block === undefined) {
      const { width } = group.news;
      // Of a summary, the totals are sent with the windows.
      block = new SourceBlock({
        worker: this.#options.worker,
        group: group.merged as MergedGroup,
        width: width === 0 ? 2 : width,
        owned: this.#options.copies || width === 0,
      });
      group.blocks[index] = block;
      group.family.merged?.sources.add(block);
    }
    return block;
  }

  #place(
    merged: MergedFamily,
    block: SourceBlock,
    {
      row,
      values,
      createdMs,
    }: { readonly row: number; readonly values: readonly string[]; readonly createdMs: number },
  ): void {
    const slot = merged.placeOf(block.group, values, createdMs);
    // Told again, because ids of its label values changed.
    if (slot === block.slots[row]) return;
    // Held first: the last place of a series is not given up while it moves.
    merged.hold(block.group, slot);
    this.#release(merged, block, { row, end: 'removed' });
    block.slots[row] = slot;
    block.last.fill(0, row * block.width, (row + 1) * block.width);
  }

  #release(
    merged: MergedFamily | undefined,
    block: SourceBlock,
    { row, end }: { readonly row: number; readonly end: 'removed' | 'died' },
  ): void {
    const slot = block.slots[row] as number;
    if (merged === undefined || slot === NOWHERE) return;
    merged.settle(block, row, end);
    merged.release(block.group, slot, end === 'died');
    block.slots[row] = NOWHERE;
    block.windows[row] = undefined;
  }

  #takeNumbers({ group, block: index, at, values, recordedAt }: NumberNews, clockOffset: number): void {
    const known = this.#groups[group];
    if (known === undefined) throw new BrokenReport('numbers of an unknown group');
    const block = known.blocks[index];
    if (block === undefined) return;
    block.clockOffset = clockOffset;
    if (recordedAt !== undefined) block.coverTimes();
    for (let i = 0; i < values.length; i++) {
      const to = at === undefined ? i : (at[i] as number);
      block.values[to] = values[i] as number;
      if (recordedAt !== undefined) block.recordedAt[to] = recordedAt[i] as number;
    }
  }

  #takeWindows({ group: id, slots, figures, starts, keys, counts }: WindowNews): void {
    const group = this.#groups[id];
    slots.forEach((slot, i) => {
      const { block, row, place } = rowAt(group, slot);
      if (block === undefined || place === NOWHERE) return;
      block.values[row * 2] = figures[i * 4] as number;
      block.values[row * 2 + 1] = figures[i * 4 + 1] as number;
      const [from, to] = [starts[i], starts[i + 1]];
      const [min, max] = [figures[i * 4 + 2] as number, figures[i * 4 + 3] as number];
      // Copies, because the next report may have none of this one's series but this.
      block.windows[row] = { min, max, keys: [...keys.subarray(from, to)], counts: [...counts.subarray(from, to)] };
      if (group?.family.merged instanceof MergedSummary) group.family.merged.windowChanged(block, place);
    });
  }

  #takeNatives(news: NativeNews): void {
    const group = this.#groups[news.group];
    const merged = group?.family.merged;
    if (!(merged instanceof MergedNative)) return;
    const { slots, width, values } = news;
    if (width !== rowWidth(merged.descriptor)) throw new BrokenReport('rows that do not fit their family');
    slots.forEach((slot, i) => {
      const { block, place } = rowAt(group, slot);
      const histogram = nativeHistogramAt(news, i);
      if (block === undefined || place === NOWHERE || histogram === undefined) return;
      merged.add(block, place, histogram, values.subarray(i * width, (i + 1) * width));
    });
  }

  #takeExemplars({ group, block: index, rows, exemplars }: ExemplarNews): void {
    const { family, blocks } = this.#groups[group] ?? {};
    const block = blocks?.[index];
    if (block === undefined || family?.merged === undefined) return;
    const { descriptor } = family.merged;
    const most = descriptor.type === 'histogram' ? descriptor.upperBounds.length : 0;
    exemplars.forEach((exemplar, i) => {
      if (exemplar.column > most) throw new BrokenReport('an exemplar of no bucket');
      const place = block.slots[rows[i] as number];
      if (place !== undefined && place !== NOWHERE) family.merged?.keep(block, place, exemplar);
    });
  }

  #leaveOut(ids: ReadonlySet<number>): void {
    this.#families.forEach(({ groups }, id) => {
      for (const { blocks } of groups) for (const block of blocks) block.isLeftOut = ids.has(id);
    });
  }
}

/** What is known of the series at a place of a worker's group. */
function rowAt(
  group: SourceGroup | undefined,
  slot: number,
): { readonly block: SourceBlock | undefined; readonly row: number; readonly place: number } {
  const capacity = group?.news.capacity ?? 1;
  const block = group?.blocks[Math.floor(slot / capacity)];
  const row = slot % capacity;
  return { block, row, place: block?.slots[row] ?? NOWHERE };
}

/** Label names with one that is taken shown in another way: as Prometheus does with what a target says of itself. */
function besides(taken: string, names: readonly string[]): readonly string[] {
  const at = names.indexOf(taken);
  if (at < 0) return names;
  let free = `exported_${taken}`;
  while (names.includes(free)) free = `exported_${free}`;
  return names.with(at, free);
}
