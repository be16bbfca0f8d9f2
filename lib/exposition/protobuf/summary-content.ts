// Summaries as protobuf messages.
import { sumBytes, writeSum } from './counts.js';
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

/** The sum and the count are NaN where nobody told them, and left out then. */
export function summaryContent(quantiles: readonly number[]): MetricContent {
  const length = quantiles.length;
  return {
    tag: 0x22,
    bytes({ values, width, createdMs }, row) {
      const sumAt = row * width + length;
      return (
        countFieldBytes(values[sumAt + 1]!) +
        sumBytes(values[sumAt]!) +
        length * (2 + QUANTILE_BYTES) +
        timestampFieldBytes(createdMs[row]!)
      );
    },
    write(target, at, { values, width, createdMs }, row) {
      const start = row * width;
      let position = writeCountField(target, at, values[start + length + 1]!);
      position = writeSum(target, position, SUM, values[start + length]!);
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

function countFieldBytes(count: number): number {
  return Number.isNaN(count) ? 0 : 1 + varintBytes(wholeCount(count));
}

function writeCountField(target: DataView, at: number, count: number): number {
  if (Number.isNaN(count)) return at;
  target.setUint8(at, COUNT);
  return writeVarint(target, at + 1, wholeCount(count));
}

/** The format has no other counts for summaries; those that were read from text can be any number. */
function wholeCount(count: number): number {
  return count > 0 ? Math.min(Math.round(count), Number.MAX_SAFE_INTEGER) : 0;
}
