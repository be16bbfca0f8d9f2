// Reads a segment from its beginning, record by record, and keeps the tables that are asked for up to date. What it costs is
// the tables that are wanted: all others are stepped over by their lengths.
import type { FileHandle } from 'node:fs/promises';
import type { Pace } from '../../../lib/model/pace.js';
import { ByteReader, Malformed } from '../format/byte-reader.js';
import { PAYLOAD_HEAD_BYTES, RecordKind, readHead } from '../format/layout.js';
import type { TableDefinition } from '../format/table-definition.js';
import type { Damage } from '../segments/open-segment.js';
import { scanRecords } from '../segments/record-scan.js';
import { readSectionHead, type SeriesReader, TableScan } from './table-scan.js';

/** Says which tables are wanted. */
export interface TableReader {
  /** Undefined for a table that nobody asks for. */
  readerOf(definition: TableDefinition): SeriesReader | undefined;
}

/** The wanted tables as they were in one snapshot; valid until the next one is read. */
export interface ScannedSnapshot {
  readonly timestampMs: number;
  /** In the order in which they were begun. */
  readonly tables: readonly TableScan[];
}

export class SegmentScan {
  readonly #wants: TableReader;
  readonly #pace: Pace;
  readonly #onDamage: (damage: Damage) => void;
  /** By their ids. Undefined for a table that nobody wants. */
  #byId = new Map<number, TableScan | undefined>();
  #tables: TableScan[] = [];
  /** False until a whole snapshot was read: what changed since is not known without. */
  #isKnown = false;

  constructor(wants: TableReader, pace: Pace, onDamage: (damage: Damage) => void) {
    this.#wants = wants;
    this.#pace = pace;
    this.#onDamage = onDamage;
  }

  /**
   * Walks the snapshots of a segment. What cannot be read is told, and left out up to the next whole snapshot. Rejects only
   * when the file cannot be read.
   */
  async *snapshots(file: FileHandle, end: number): AsyncGenerator<ScannedSnapshot> {
    for await (const scanned of scanRecords(file, { end })) {
      this.#pace.resume();
      if (scanned.kind === 'torn') {
        this.#tell(scanned.offset, 'it ends too early');
        return;
      }
      if (scanned.kind === 'damaged') {
        this.#tell(scanned.offset, scanned.problem);
        continue;
      }
      const head = readHead(scanned.payload);
      if (head?.kind === RecordKind.end) continue;
      if (head?.kind === RecordKind.whole) this.#forget();
      else if (head?.kind !== RecordKind.changes) this.#tell(scanned.offset, 'a record is of an unknown kind');
      if (head === undefined || !this.#isKnown) continue;
      try {
        await this.#apply(scanned.payload);
      } catch (cause) {
        if (!(cause instanceof Malformed)) throw cause;
        this.#tell(scanned.offset, `a record makes no sense: ${cause.message}`);
        continue;
      }
      yield { timestampMs: head.timestampMs, tables: this.#tables };
    }
  }

  #forget(): void {
    this.#byId = new Map();
    this.#tables = [];
    this.#isKnown = true;
  }

  #tell(offset: number, problem: string): void {
    this.#isKnown = false;
    this.#onDamage({ offset, problem });
  }

  async #apply(payload: Uint8Array): Promise<void> {
    const source = new ByteReader(payload.subarray(PAYLOAD_HEAD_BYTES));
    while (source.left > 0) {
      const id = source.varint();
      const section = source.section(source.varint());
      this.#pace.count(10);
      const known = this.#byId.get(id);
      if (known === undefined && this.#byId.has(id)) continue;
      const head = readSectionHead(section);
      const table = known ?? this.#begin(id, head.definition);
      if (table === undefined) continue;
      table.observedNegative = head.observedNegative;
      await table.apply(section, this.#pace, head);
    }
  }

  #begin(id: number, definition: TableDefinition | undefined): TableScan | undefined {
    if (definition === undefined) throw new Malformed('a table is not defined');
    const reader = this.#wants.readerOf(definition);
    const table = reader === undefined ? undefined : new TableScan(definition, reader);
    this.#byId.set(id, table);
    if (table !== undefined) this.#tables.push(table);
    return table;
  }
}
