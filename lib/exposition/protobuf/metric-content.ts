// What the series of a type are to the loop that writes them, and the types that have one number per series.
import type { SeriesBlock } from '../../model/family.js';
import { exemplarBytes, exemplarOf, writeExemplar } from './exemplars.js';
import { timestampFieldBytes, writeTimestampField } from './timestamp-field.js';
import { labelPairBytes, writeDouble, writeLabelPair } from './wire.js';

/** The message that a `Metric` holds besides its labels. Sizes come first: a message's length stands before it. */
export interface MetricContent {
  /** Of the field in `Metric`. */
  readonly tag: number;
  /** The field of a label that these messages have besides those of the series. */
  readonly ownLabel?: DataView;
  /** How many bytes the message of a row takes. */
  bytes(block: SeriesBlock, row: number): number;
  /** Writes the message of a row and answers where it ends. */
  write(target: DataView, at: number, block: SeriesBlock, row: number): number;
}

const VALUE = 0x09;
const COUNTER_EXEMPLAR = 0x12;
const COUNTER_CREATED = 0x1a;

export const gaugeContent: MetricContent = { tag: 0x12, ...valueIn(0) };
export const untypedContent: MetricContent = { tag: 0x2a, ...valueIn(0) };

/** One of the states of a state set, which are a gauge each. */
export function stateContent(name: string, state: string, column: number): MetricContent {
  const ownLabel = new DataView(new ArrayBuffer(labelPairBytes(name, state)));
  writeLabelPair(ownLabel, 0, name, state);
  return { tag: gaugeContent.tag, ownLabel, ...valueIn(column) };
}

export const counterContent: MetricContent = {
  tag: 0x1a,
  bytes(block, row) {
    const exemplar = exemplarOf(block.exemplars?.get(row), 0);
    const bytes = 9 + timestampFieldBytes(block.createdMs[row]!);
    return exemplar === undefined ? bytes : bytes + 1 + exemplarBytes(exemplar);
  },
  write(target, at, block, row) {
    target.setUint8(at, VALUE);
    let position = writeDouble(target, at + 1, block.values[row]!);
    const exemplar = exemplarOf(block.exemplars?.get(row), 0);
    if (exemplar !== undefined) {
      target.setUint8(position, COUNTER_EXEMPLAR);
      position = writeExemplar(target, position + 1, exemplar);
    }
    return writeTimestampField(target, position, COUNTER_CREATED, block.createdMs[row]!);
  },
};

/** A message with a number of the row and nothing else. */
function valueIn(column: number): Pick<MetricContent, 'bytes' | 'write'> {
  return {
    bytes: () => 9,
    write(target, at, { values, width }, row) {
      target.setUint8(at, VALUE);
      return writeDouble(target, at + 1, values[row * width + column]!);
    },
  };
}
