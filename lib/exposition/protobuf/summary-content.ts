// Summaries as protobuf messages.
import type { MetricContent } from './metric-content.js';
import { timestampFieldBytes, writeTimestampField } from './timestamp-field.js';
import { varintBytes, writeDouble, writeVarint } from './wire.js';

const COUNT = 0x08;
const SUM = 0x11;
const QUANTILE = 0x1a;
const CREATED = 0x22;
/** A quantile and its value, each a double with its tag. */
const QUANTILE_BYTES = 18;
const QUANTILE_RANK = 0x09;
const QUANTILE_VALUE = 0x11;

export function summaryContent(quantiles: readonly number[]): MetricContent {
  const length = quantiles.length;
  return {
    tag: 0x22,
    bytes(block, row) {
      const count = wholeCount(block.values[row * block.width + length + 1]!);
      return 1 + varintBytes(count) + 9 + length * (2 + QUANTILE_BYTES) + timestampFieldBytes(block.createdMs[row]!);
    },
    write(target, at, { values, width, createdMs }, row) {
      const start = row * width;
      target.setUint8(at, COUNT);
      let position = writeVarint(target, at + 1, wholeCount(values[start + length + 1]!));
      target.setUint8(position, SUM);
      position = writeDouble(target, position + 1, values[start + length]!);
      for (let column = 0; column < length; column += 1) {
        target.setUint8(position, QUANTILE);
        target.setUint8(position + 1, QUANTILE_BYTES);
        target.setUint8(position + 2, QUANTILE_RANK);
        position = writeDouble(target, position + 3, quantiles[column]!);
        target.setUint8(position, QUANTILE_VALUE);
        position = writeDouble(target, position + 1, values[start + column]!);
      }
      return writeTimestampField(target, position, CREATED, createdMs[row]!);
    },
  };
}

/** The format has no other counts for summaries; those that were read from text can be any number. */
function wholeCount(count: number): number {
  return count > 0 ? Math.min(Math.round(count), Number.MAX_SAFE_INTEGER) : 0;
}
