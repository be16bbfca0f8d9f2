// The series of one metric family that come with snapshots, and the way from the rows of a snapshot's block to them,
// which is walked for every series of every snapshot and so must not look at a single label.
import type { FamilyDescriptor, SeriesBlock } from '../../../lib/model/family.js';
import { storedKinds } from '../../../lib/model/samples.js';
import type { Budget } from '../budget.js';
import { SeriesTable } from '../series-table.js';
import { hashOf, type LabelNames, StoredSeries } from '../stored-series.js';
import type { Page } from './page.js';

/** A series whose numbers stand in a row of a page. */
export class SnapshotSeries extends StoredSeries {
  readonly page: Page;
  readonly row: number;
  /** The generation that it was last seen in: the series goes when that is dropped. */
  lastGeneration: number;

  constructor(key: SeriesKey, place: { readonly page: Page; readonly row: number; readonly generation: number }) {
    super(key.labels, key.values, key.hash);
    this.page = place.page;
    this.row = place.row;
    this.lastGeneration = place.generation;
  }
}

/** What a series is found by. */
export interface SeriesKey {
  readonly labels: LabelNames;
  readonly values: readonly string[];
  readonly hash: number;
}

export class SnapshotTable extends SeriesTable<SnapshotSeries> {
  readonly #maps = new WeakMap<Int32Array, BlockMap>();
  /** The map of each block of the last snapshot, by its place in the walk. */
  readonly #latest: BlockMap[] = [];

  constructor(descriptor: FamilyDescriptor, budget: Budget) {
    super(storedKinds(descriptor), budget);
  }

  /** From the rows of a block to series; the same one as long as the block's label sets are the same array. */
  mapOf(block: SeriesBlock, place: number): BlockMap {
    let map = this.#maps.get(block.labelIds);
    if (map === undefined || !map.speaksOf(block)) {
      map = new BlockMap(this, block, this.#latest[place]);
      this.#maps.set(block.labelIds, map);
    }
    this.#latest[place] = map;
    return map;
  }

  /** Forgets the maps of blocks that the last snapshot no longer had. */
  endWalk(places: number): void {
    if (this.#latest.length > places) this.#latest.length = places;
  }
}

/** Where one label comes from: a column of ids, or a value that all rows have. */
interface LabelSource {
  readonly name: string;
  readonly column: number;
  readonly constant: string;
}

/** From row to series, for one array of label ids. Filled as rows are first seen. */
export class BlockMap {
  readonly series: (SnapshotSeries | undefined)[] = [];
  readonly #table: SnapshotTable;
  readonly #block: Pick<SeriesBlock, 'dictionaries' | 'labelIds' | 'constantLabels'>;
  readonly #sources: readonly LabelSource[];
  #labels: LabelNames;

  /**
   * @param before - The map of the block that stood here in the last snapshot. A place that is used again makes a new
   *   array of which most rows are as they were: comparing ids is many times faster than looking up labels.
   */
  constructor(table: SnapshotTable, block: SeriesBlock, before: BlockMap | undefined) {
    const { dictionaries, labelIds, constantLabels } = block;
    this.#table = table;
    this.#block = { dictionaries, labelIds, constantLabels };
    this.#sources = sourcesOf(block);
    this.#labels = table.labelNames(this.#sources.map(({ name }) => name));
    if (before?.speaksOf(block) === true) this.#adopt(before);
  }

  /** Whether ids mean the same here as in a block. */
  speaksOf({ dictionaries, constantLabels }: SeriesBlock): boolean {
    const own = this.#block;
    return (
      own.dictionaries.length === dictionaries.length &&
      own.dictionaries.every((dictionary, c) => dictionary === dictionaries[c]) &&
      own.constantLabels.length === constantLabels.length &&
      own.constantLabels.every(
        ([name, value], c) => name === constantLabels[c]?.[0] && value === constantLabels[c]?.[1],
      )
    );
  }

  /** What the series of a row is found by. */
  keyOf(row: number): SeriesKey {
    const { dictionaries, labelIds } = this.#block;
    // Not pushed one by one: V8 would keep room for 17 values, as long as the series lives.
    const values = this.#sources.map(({ column, constant }) => {
      const id = column < 0 ? -1 : (labelIds[row * dictionaries.length + column] as number);
      return id < 0 ? constant : (dictionaries[column]?.values[id] ?? '');
    });
    if (!values.includes('')) {
      if (this.#labels.isRetired) this.#labels = this.#table.labelNames(this.#labels.names);
      return { labels: this.#labels, values, hash: hashOf(this.#labels.seed, values) };
    }
    const names = this.#sources.map(({ name }) => name).filter((_, c) => values[c] !== '');
    const labels = this.#table.labelNames(names);
    const present = values.filter((value) => value !== '');
    return { labels, values: present, hash: hashOf(labels.seed, present) };
  }

  #adopt(before: BlockMap): void {
    const arity = this.#block.dictionaries.length;
    const ids = this.#block.labelIds;
    const idsBefore = before.#block.labelIds;
    const rows = arity === 0 ? 0 : Math.min(before.series.length, ids.length / arity);
    for (let row = 0; row < rows; row++) {
      let at = row * arity;
      const end = at + arity;
      while (at < end && ids[at] === idsBefore[at]) at++;
      this.series.push(at === end ? before.series[row] : undefined);
    }
  }
}

function sourcesOf({ dictionaries, constantLabels }: SeriesBlock): readonly LabelSource[] {
  const own = dictionaries.map(({ name }, column): LabelSource => ({ name, column, constant: '' }));
  const constants = constantLabels
    .filter(([name]) => !own.some((source) => source.name === name))
    .map(([name, constant]): LabelSource => ({ name, column: -1, constant }));
  return [...own, ...constants].sort((a, b) => (a.name < b.name ? -1 : 1));
}
