// One worker as the gatherer sees it: takes up its reports, and keeps which of its rows is which merged series. What it
// counted stays when it is gone.
import { OVERFLOW_LABEL, reservedLabelsOf } from '../instruments/definition.js';
import type { Pace } from '../model/pace.js';
import { MergedGauge } from './gauges.js';
import type { MergedFamilies } from './merged-families.js';
import type { MergedFamily } from './merged-family.js';
import type { MergedGroup } from './merged-group.js';
import type { BlockNews, GroupNews, NumberNews, Report } from './protocol.js';
import { takeExemplars, takeNatives, takeWindows } from './source-apart.js';
import { NOWHERE, SourceBlock } from './source-block.js';
import { BrokenReport, type SourceFamily, type SourceGroup } from './source-group.js';

/** What one worker may have at most: more is no metric but a fault, and would be paid by the gatherer. */
const MOST_FAMILIES = 10_000;
const MOST_GROUPS = 100_000;
const MOST_ROWS = 5_000_000;

/** Names whose series these are, where every worker has its own. */
const WORKER = 'worker';

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
    for (const news of report.windows) takeWindows(this.#groups, news);
    for (const news of report.natives) takeNatives(this.#groups, news);
    for (const news of report.exemplars) takeExemplars(this.#groups, news);
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

  #leaveOut(ids: ReadonlySet<number>): void {
    this.#families.forEach(({ groups }, id) => {
      for (const { blocks } of groups) for (const block of blocks) block.isLeftOut = ids.has(id);
    });
  }
}

/** Label names with one that is taken shown in another way: as Prometheus does with what a target says of itself. */
function besides(taken: string, names: readonly string[]): readonly string[] {
  const at = names.indexOf(taken);
  if (at < 0) return names;
  let free = `exported_${taken}`;
  while (names.includes(free)) free = `exported_${free}`;
  return names.with(at, free);
}
