// History that came as snapshots: sealed generations, the open one, and the tables of the series in them. Sealing,
// dropping and forgetting live here; the writer only fills the open generation.
import { type FamilyDescriptor, shapeKey } from '../../../lib/model/family.js';
import type { NativeHistogram } from '../../../lib/model/native-histogram.js';
import type { Pace } from '../../../lib/model/pace.js';
import type { Budget, Evictable } from '../budget.js';
import { HistogramLog } from '../histograms/histogram-log.js';
import { Generation } from './generation.js';
import { TICKS } from './page.js';
import { PagePool } from './page-pool.js';
import { SealedPage } from './sealed-page.js';
import { type SeriesKey, SnapshotSeries, SnapshotTable } from './snapshot-table.js';

/** Compressing a page's worth of numbers, in steps of `Pace`. */
const STEPS_PER_PAGE = 5000;

export class SnapshotHistory implements Evictable {
  readonly #budget: Budget;
  readonly #pool: PagePool;
  readonly #tables = new Map<string, SnapshotTable>();
  readonly #keys = new WeakMap<FamilyDescriptor, string>();
  #sealed: Generation[] = [];
  #open = new Generation(0);
  /** The newest generation that was dropped, and the newest whose series were looked through since. */
  #dropped = -1;
  #swept = -1;

  constructor(budget: Budget) {
    this.#budget = budget;
    this.#pool = new PagePool(budget);
    budget.take(this.#open.bytes);
    budget.register(this);
  }

  get open(): Generation {
    return this.#open;
  }

  get tables(): Iterable<SnapshotTable> {
    return this.#tables.values();
  }

  /** Oldest first. The list is the caller's. */
  generations(): Generation[] {
    return [...this.#sealed, this.#open];
  }

  get oldestMs(): number {
    return this.#oldest?.lastMs ?? Infinity;
  }

  dropOldest(): void {
    const dropped = this.#oldest as Generation;
    this.#sealed = this.#sealed.filter((generation) => generation !== dropped);
    this.#dropped = Math.max(this.#dropped, dropped.number);
    this.#budget.give(dropped.bytes);
  }

  /** Not always the first one: a clock that was ahead for a while leaves a generation that outlives those after it. */
  get #oldest(): Generation | undefined {
    let oldest = this.#sealed[0];
    for (const generation of this.#sealed) if (generation.lastMs < (oldest as Generation).lastMs) oldest = generation;
    return oldest;
  }

  /** Drops generations that are over before a time. */
  expire(cutoffMs: number): void {
    while (this.oldestMs < cutoffMs) this.dropOldest();
  }

  tableOf(descriptor: FamilyDescriptor): SnapshotTable {
    let key = this.#keys.get(descriptor);
    if (key === undefined) {
      key = shapeKey(descriptor);
      this.#keys.set(descriptor, key);
    }
    let table = this.#tables.get(key);
    if (table === undefined) {
      table = new SnapshotTable(descriptor, this.#budget);
      this.#tables.set(key, table);
    }
    return table;
  }

  /** The series with these labels, a new one if need be; undefined when there is no room for one more. */
  seriesOf(table: SnapshotTable, width: number, key: SeriesKey): SnapshotSeries | undefined {
    const known = table.find(key.labels, key.values, key.hash);
    if (known !== undefined) return known;
    if (!this.#budget.makeRoom(SnapshotSeries.bytesFor(key.values) + this.#pool.bytesToTake(width))) return undefined;
    const page = this.#pool.pageFor(width);
    const series = new SnapshotSeries(key, { page, row: this.#pool.take(page), generation: this.#open.number });
    table.add(series);
    this.#open.startedBytes += series.bytes;
    return series;
  }

  /** Notes a native histogram of the snapshot that is being written; false when there is no room for it. */
  putHistogram(series: SnapshotSeries, histogram: NativeHistogram): boolean {
    if (!this.#budget.makeRoom(HistogramLog.mostBytes(histogram))) return false;
    this.#budget.take(this.#open.putHistogram(series, histogram));
    return true;
  }

  get seriesCount(): number {
    let count = 0;
    for (const table of this.#tables.values()) count += table.size;
    return count;
  }

  /** Whether the open generation is complete, by number of snapshots or by the time that it spans. */
  isOpenFull(spanMs: number): boolean {
    const { count, firstMs, lastMs } = this.#open;
    return count === TICKS || (count > 1 && lastMs - firstMs >= spanMs);
  }

  /** Whether all of the open generation is from before a time. */
  isOpenOver(cutoffMs: number): boolean {
    return this.#open.count > 0 && this.#open.lastMs < cutoffMs;
  }

  /** Compresses the open generation and opens the next one. Readers go on with whichever form they find. */
  async seal(pace: Pace): Promise<void> {
    const generation = this.#open;
    const pages: (SealedPage | undefined)[] = [];
    for (const page of this.#pool.pages) {
      pages.push(page === undefined ? undefined : SealedPage.of(page));
      pace.count(STEPS_PER_PAGE);
      if (pace.isDue) await pace.pause();
    }
    this.#budget.give(generation.bytes);
    generation.seal(pages);
    this.#budget.take(generation.bytes);
    this.#sealed.push(generation);
    this.#pool.clearPresence();
    this.#open = new Generation(generation.number + 1);
    this.#budget.take(this.#open.bytes);
    this.#budget.makeRoom(0);
  }

  /** Makes as if the snapshot that was being written had never come. */
  abandon(): void {
    const earlier = (1 << this.#open.count) - 1;
    for (const page of this.#pool.pages) page?.keep(earlier);
    this.#budget.take(this.#open.abandonHistograms());
  }

  /** Forgets the series whose last samples were dropped. */
  async sweep(pace: Pace): Promise<void> {
    const dropped = this.#dropped;
    if (this.#swept === dropped) return;
    for (const [key, table] of this.#tables) {
      pace.count(table.size);
      for (const series of table) {
        if (series.lastGeneration > dropped || this.#isInEarlier(series, dropped)) continue;
        table.remove(series);
        this.#pool.give(series.page, series.row);
      }
      if (table.size === 0) this.#tables.delete(key);
      if (pace.isDue) await pace.pause();
    }
    this.#swept = dropped;
  }

  /** Whether a series has samples in a generation that outlived a later one: its row must not be taken by another yet. */
  #isInEarlier({ page, row }: SnapshotSeries, dropped: number): boolean {
    return this.#sealed.some(
      (generation) => generation.number < dropped && (generation.viewOf(page)?.presentIn(row) ?? 0) !== 0,
    );
  }
}
