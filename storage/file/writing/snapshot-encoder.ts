// Turns snapshots into the payloads of records: the first one holds everything, each later one what changed since. It
// works in portions between which the event loop goes on, and looks at labels only when a series is new.
import {
  type FamilyDescriptor,
  isNative,
  type MetricFamily,
  type SeriesBlock,
  type Snapshot,
} from '../../../lib/model/family.js';
import type { Pace } from '../../../lib/model/pace.js';
import { isNear, isTimed, ownTimeOf } from '../../../lib/model/sample-times.js';
import { sampleKinds } from '../../../lib/model/samples.js';
import { ByteWriter } from '../format/byte-writer.js';
import { RecordKind } from '../format/layout.js';
import { familyText } from '../format/table-definition.js';
import { areSamePairs, type BlockMap } from './block-map.js';
import { TableState } from './table-state.js';

/** In steps of `Pace`; a row costs one per number besides. */
const STEPS_PER_ROW = 2;
/** For a native histogram, besides. */
const STEPS_PER_HISTOGRAM = 100;
const ROWS_PER_LOOK = 64;

export interface Encoded {
  /** Valid until the next snapshot is encoded. */
  readonly payload: Uint8Array;
  readonly samples: number;
}

/** A block of a snapshot. */
interface BlockPlace {
  readonly family: MetricFamily;
  readonly block: SeriesBlock;
  readonly tick: number;
  readonly timestampMs: number;
}

interface FamilyState {
  tables: TableState[];
  /** By the block's array of label ids. */
  readonly maps: WeakMap<Int32Array, BlockMap<TableState>>;
}

export class SnapshotEncoder {
  #families = new Map<string, FamilyState>();
  /** The same by the descriptor itself, which is nearly always the one of the snapshot before. */
  #byDescriptor = new WeakMap<FamilyDescriptor, FamilyState>();
  #nextTable = 0;
  #tick = 0;
  /** Bytes of the last whole record; 0 when the next one has to be whole. */
  #wholeBytes = 0;
  readonly #record = new ByteWriter();
  readonly #section = new ByteWriter();

  /** Forgets everything: the next record is whole. */
  reset(): void {
    this.#families = new Map();
    this.#byDescriptor = new WeakMap();
    this.#nextTable = 0;
    this.#wholeBytes = 0;
  }

  /**
   * Encodes a snapshot, against the one before where that is smaller. Rejects with what the families throw; nothing of the
   * snapshot is remembered then.
   */
  async encode(snapshot: Snapshot, pace: Pace): Promise<Encoded> {
    try {
      const isWhole = this.#wholeBytes === 0;
      let samples = await this.#encode(snapshot, isWhole ? RecordKind.whole : RecordKind.changes, pace);
      if (isWhole) this.#wholeBytes = this.#record.length;
      else if (this.#record.length > this.#wholeBytes) {
        this.reset();
        samples = await this.#encode(snapshot, RecordKind.whole, pace);
        this.#wholeBytes = this.#record.length;
      }
      return { payload: this.#record.written, samples };
    } catch (cause) {
      this.reset();
      throw cause;
    }
  }

  async #encode({ timestampMs, families }: Snapshot, kind: number, pace: Pace): Promise<number> {
    const record = this.#record;
    const tick = ++this.#tick;
    record.clear();
    record.u8(kind);
    record.f64(timestampMs);
    let stored = 0;
    for (const family of families) {
      const state = this.#familyOf(family.descriptor);
      const perSeries = sampleKinds(family.descriptor).length;
      for (const block of family.blocks()) {
        if (block.width === 0) continue;
        const samples = perSeries + (block.native !== undefined && isNative(family.descriptor) ? 1 : 0);
        stored += samples * (await this.#put(state, { family, block, tick, timestampMs }, pace));
      }
    }
    for (const state of this.#families.values()) {
      for (const table of state.tables) {
        table.finish(record, this.#section, tick);
        pace.count(100);
        if (pace.isDue) await pace.pause();
      }
      if (state.tables.some(({ liveCount }) => liveCount === 0)) forgetEmpty(state);
    }
    this.#section.clear();
    return stored;
  }

  /** Puts the rows of a block into their table, and answers how many there are. */
  async #put(state: FamilyState, { family, block, tick, timestampMs }: BlockPlace, pace: Pace): Promise<number> {
    const map = this.#mapOf(state, family.descriptor, block);
    const { table } = map;
    const { size, live, width } = block;
    table.visit(map, family.observedNegative);
    let rows = 0;
    for (let from = 0; from < size; from += ROWS_PER_LOOK) {
      const end = Math.min(size, from + ROWS_PER_LOOK);
      for (let row = from; row < end; row++) {
        if (live !== undefined && live[row] === 0) continue;
        if (!isNear(ownTimeOf(block, row), timestampMs)) continue;
        table.put(map, { block, row }, tick);
        rows++;
      }
      pace.count((end - from) * (STEPS_PER_ROW + width + (block.native === undefined ? 0 : STEPS_PER_HISTOGRAM)));
      if (pace.isDue) await pace.pause();
    }
    return rows;
  }

  #familyOf(descriptor: FamilyDescriptor): FamilyState {
    let state = this.#byDescriptor.get(descriptor);
    if (state !== undefined) return state;
    const key = familyText(descriptor);
    state = this.#families.get(key);
    if (state === undefined) {
      state = { tables: [], maps: new WeakMap() };
      this.#families.set(key, state);
    }
    this.#byDescriptor.set(descriptor, state);
    return state;
  }

  #mapOf(state: FamilyState, descriptor: FamilyDescriptor, block: SeriesBlock): BlockMap<TableState> {
    let map = state.maps.get(block.labelIds);
    const isOther = map !== undefined && map.table.definition.isTimed !== isTimed(block);
    if (map === undefined || isOther || !state.tables.includes(map.table) || !map.speaksOf(block)) {
      map = this.#tableOf(state, descriptor, block).adopt(block);
      state.maps.set(block.labelIds, map);
    }
    return map;
  }

  #tableOf(state: FamilyState, descriptor: FamilyDescriptor, block: SeriesBlock): TableState {
    const { dictionaries, constantLabels } = block;
    const known = state.tables.find(
      ({ definition: { labelNames, constantLabels: constants, isTimed: areTimed } }) =>
        areTimed === isTimed(block) &&
        labelNames.length === dictionaries.length &&
        labelNames.every((name, c) => name === dictionaries[c]?.name) &&
        areSamePairs(constants, constantLabels),
    );
    if (known !== undefined) return known;
    const labelNames = dictionaries.map(({ name }) => name);
    const definition = { descriptor, labelNames, constantLabels, isTimed: isTimed(block) };
    const table = new TableState(this.#nextTable++, definition);
    state.tables.push(table);
    return table;
  }
}

function forgetEmpty(state: FamilyState): void {
  state.tables = state.tables.filter(({ liveCount }) => liveCount > 0);
}
