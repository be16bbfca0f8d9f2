// The messages of types that have one number per series, or one per state.
import { exemplarBytes, exemplarOf, writeExemplar } from './exemplars.js';
import type { MetricContent } from './metric-content.js';
import { timestampFieldBytes, writeTimestampField } from './timestamp-field.js';
import { labelPairBytes, writeDouble, writeLabelPair } from './wire.js';

const VALUE = 0x09;
const COUNTER_EXEMPLAR = 0x12;
const COUNTER_CREATED = 0x1a;

export interface NumberContent extends MetricContent {
  /** Of the time at which a series was created; 0 where that is not told. */
  readonly createdTag: number;
}

export const gaugeContent: NumberContent = { tag: 0x12, createdTag: 0, ...valueIn(0) };
export const untypedContent: NumberContent = { tag: 0x2a, createdTag: 0, ...valueIn(0) };

/** One of the states of a state set, which are a gauge each. */
export function stateContent(name: string, state: string, column: number): NumberContent {
  const ownLabel = new DataView(new ArrayBuffer(labelPairBytes(name, state)));
  writeLabelPair(ownLabel, 0, name, state);
  return { tag: gaugeContent.tag, createdTag: 0, ownLabel, ...valueIn(column) };
}

export const counterContent: NumberContent = {
  tag: 0x1a,
  createdTag: COUNTER_CREATED,
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
