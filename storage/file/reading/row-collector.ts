// Gathers the samples of the series that are asked for while segments are read. Where they are more than it may hold, it lets
// go of the series that were found last: they are gathered in another pass. So memory is bounded whatever is asked for.
import { type FamilyDescriptor, shapeKey } from '../../../lib/model/family.js';
import type { Pace } from '../../../lib/model/pace.js';
import { rangeOfSnapshots } from '../../../lib/model/sample-times.js';
import type { TimeRange } from '../../../lib/model/storage.js';
import type { TableDefinition } from '../format/table-definition.js';
import { RowResult } from './row-result.js';
import type { ScannedSnapshot, TableReader } from './segment-scan.js';
import { type SampleQuery, TableMatch } from './series-match.js';
import { type SeriesReader, type TableScan, UNWANTED } from './table-scan.js';

export interface RowQuery extends SampleQuery {
  readonly range: TimeRange;
  /** Only families of which this is true; all of them without. */
  readonly family?: (descriptor: FamilyDescriptor) => boolean;
  /** How many numbers may be held at once; about a third of that is needed on top while arrays grow. */
  readonly mostNumbers?: number;
}

/** Series by their places among all that are found: from one on, up to another. */
export interface Batch {
  readonly from: number;
  readonly limit: number;
}

function isWithin({ startMs, endMs }: TimeRange, timeMs: number): boolean {
  return timeMs >= startMs && timeMs <= endMs;
}

export const EVERYTHING: Batch = { from: 0, limit: Infinity };

interface WantedTable {
  readonly match: TableMatch;
  readonly signature: string;
  readonly places: Map<string, number>;
}

/** 128 MB. Parts of histograms count as well. */
const MOST_NUMBERS = 16 * 1024 * 1024;
const ROWS_PER_LOOK = 256;
/** In steps of `Pace`. */
const STEPS_PER_SAMPLE = 1;

export class RowCollector implements TableReader {
  readonly #query: RowQuery;
  readonly #mostNumbers: number;
  readonly #pace: Pace;
  /**
   * Every series that was found, by its labels. Series that differ only in what tells samples of one series apart count as
   * one, so that what may have to be put together is always in the same pass.
   */
  readonly #units = new Map<string, number>();
  /** The units of this pass: those before are done, those from `#limit` on are left to the next. */
  readonly #from: number;
  #limit: number;
  readonly #rows: RowResult[] = [];
  /** Places in `#rows`, by what the samples are named by and then by labels. */
  readonly #places = new Map<string, Map<string, number>>();
  #numbers = 0;
  readonly #snapshotsMs: number[] = [];

  /** @param from - Which units this pass is about; the pass before tells. */
  constructor(query: RowQuery, pace: Pace, { from, limit }: Batch) {
    this.#query = query;
    this.#mostNumbers = query.mostNumbers ?? MOST_NUMBERS;
    this.#pace = pace;
    this.#from = from;
    this.#limit = limit;
  }

  /** What was found, in the order in which it was. */
  get rows(): readonly RowResult[] {
    return this.#rows.filter(({ isDropped, count }) => !isDropped && count > 0);
  }

  /** When the snapshots that were read were taken, in the order in which they were. */
  get snapshotsMs(): readonly number[] {
    return this.#snapshotsMs;
  }

  /** What the next pass is about: as many as had room in this one. Undefined when there is nothing left. */
  get next(): Batch | undefined {
    const from = this.#limit;
    return from < this.#units.size ? { from, limit: from + Math.max(1, from - this.#from) } : undefined;
  }

  readerOf(definition: TableDefinition): SeriesReader | undefined {
    const { family } = this.#query;
    if (family?.(definition.descriptor) === false) return undefined;
    const match = TableMatch.of(definition, this.#query);
    if (match === undefined) return undefined;
    const signature = shapeKey(definition.descriptor);
    const places = this.#places.get(signature) ?? new Map<string, number>();
    this.#places.set(signature, places);
    return {
      seriesOf: (texts, ids) => this.#seriesOf({ match, signature, places }, texts, ids),
      wantsHistograms: match.kinds.some(({ isHistogram }) => isHistogram),
    };
  }

  /** Takes in the samples of a snapshot, where it is in the range. */
  async note({ timestampMs, tables }: ScannedSnapshot): Promise<void> {
    const isAsked = isWithin(this.#query.range, timestampMs);
    if (!isAsked && !isWithin(rangeOfSnapshots(this.#query.range), timestampMs)) return;
    if (isAsked) this.#snapshotsMs.push(timestampMs);
    for (const table of tables) {
      if (!isAsked && !table.definition.isTimed) continue;
      const { wanted } = table;
      for (let from = 0; from < wanted.length; from += ROWS_PER_LOOK) {
        this.#noteRows(table, timestampMs, { from, end: Math.min(wanted.length, from + ROWS_PER_LOOK) });
        while (this.#numbers > this.#mostNumbers && this.#shed());
        if (this.#pace.isDue) await this.#pace.pause();
      }
    }
  }

  #noteRows(
    table: TableScan,
    timestampMs: number,
    { from, end }: { readonly from: number; readonly end: number },
  ): void {
    const { wanted, numbers, stride, histograms } = table;
    const { range } = this.#query;
    for (let w = from; w < end; w++) {
      const slot = wanted[w] as number;
      const row = this.#rows[table.series[slot] as number] as RowResult;
      if (row.isDropped) continue;
      const { room } = row;
      const ownMs = table.ownTimeOf(slot);
      const at = { numbers, from: slot * stride, histogram: histograms[slot] };
      if (Number.isNaN(ownMs)) {
        if (isWithin(range, timestampMs)) row.append(timestampMs, at);
      } else if (isWithin(range, ownMs)) row.appendLater(ownMs, at);
      this.#numbers += row.room - room;
      this.#pace.count(STEPS_PER_SAMPLE * row.kinds.length + (row.room - room) / 4);
    }
  }

  /** Leaves the later half of the series to another pass. Answers false when there is but one. */
  #shed(): boolean {
    const end = Math.min(this.#limit, this.#units.size);
    const limit = this.#from + Math.ceil((end - this.#from) / 2);
    if (limit >= end) return false;
    this.#limit = limit;
    for (const row of this.#rows) {
      if (row.unit < limit || row.isDropped) continue;
      this.#numbers -= row.room;
      row.drop();
    }
    return true;
  }

  #seriesOf(
    { match, signature, places }: WantedTable,
    texts: readonly (readonly string[])[],
    ids: readonly number[],
  ): number {
    if (!match.isFulfilledBy(texts, ids)) return UNWANTED;
    const labels = match.labelsOf(texts, ids);
    const { descriptor } = match.definition;
    const key = JSON.stringify(labels);
    const unit = this.#unitOf(labels, key, descriptor.name);
    if (unit < this.#from || unit >= this.#limit) return UNWANTED;
    let place = places.get(key);
    if (place === undefined) {
      place = this.#rows.push(new RowResult({ signature, descriptor, kinds: match.kinds, labels }, unit)) - 1;
      places.set(key, place);
    }
    return place;
  }

  #unitOf(labels: RowResult['labels'], key: string, family: string): number {
    const isExtra = ([name]: readonly [string, string]) => name === 'le' || name === 'quantile' || name === family;
    const unitKey = labels.some(isExtra) ? JSON.stringify(labels.filter((label) => !isExtra(label))) : key;
    let unit = this.#units.get(unitKey);
    if (unit === undefined) {
      unit = this.#units.size;
      this.#units.set(unitKey, unit);
    }
    return unit;
  }
}
