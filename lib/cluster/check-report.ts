// What comes from a worker is looked at before it is believed: shapes, sizes and names. A worker that sends garbage loses its
// report and nothing else.
import { isFloat64Array, isInt8Array, isInt32Array } from 'node:util/types';
import { givenExemplar } from '../instruments/given-exemplar.js';
import type { Exemplar } from '../model/exemplar.js';
import { GAUGE_AGGREGATIONS } from '../model/family.js';
import { isLabelName, isMetricName, isReservedLabelName } from '../model/names.js';
import {
  isNativeHistogram,
  type NativeColumns,
  type NativeHistogram,
  nativeHistogramAt,
} from '../model/native-histogram.js';
import type { BucketLimits } from './native-totals.js';
import type {
  BlockNews,
  ExemplarNews,
  FamilyNews,
  GroupNews,
  NativeNews,
  NumberNews,
  Report,
  WindowNews,
} from './protocol.js';

/** What one report may have of anything. */
const MOST_ITEMS = 200_000;
const MOST_NUMBERS = 5_000_000;
const LONGEST_NAME = 1024;
const LONGEST_TEXT = 1_000_000;

type Fields = Readonly<Record<string, unknown>>;
type Check = (value: unknown) => boolean;

/** Undefined for what is no report. */
export function reportIn(message: unknown): Report | undefined {
  return isReport(message) ? (message as unknown as Report) : undefined;
}

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const isText: Check = (value) => typeof value === 'string' && value.length <= LONGEST_TEXT;
const isLabel: Check = (value) =>
  typeof value === 'string' && isLabelName(value, 'utf8') && !isReservedLabelName(value);
const isName: Check = (value) => typeof value === 'string' && value !== '' && value.length <= LONGEST_NAME;
const isIndex: Check = (value) => Number.isInteger(value) && (value as number) >= 0 && (value as number) < MOST_NUMBERS;
/** What goes on counting for as long as a worker lives. */
const isCount: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const isReal: Check = (value) => Number.isFinite(value);
const isBoolean: Check = (value) => typeof value === 'boolean';
const isDoubles: Check = (value) => isFloat64Array(value) && value.length <= MOST_NUMBERS;

/** Whole numbers from 0, or any where these are keys. */
const isIntegers: Check = (value) => isInt32Array(value) && value.length <= MOST_NUMBERS;
const isIndexes: Check = (value) => isIntegers(value) && (value as Int32Array).every((one) => one >= 0);

const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const list =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.length <= MOST_ITEMS && value.every(check);

/** An object of which these members pass; others do not matter. */
const fields =
  (checks: Readonly<Record<string, Check>>): Check =>
  (value) =>
    isFields(value) && Object.entries(checks).every(([name, check]) => check(value[name]));

const isPair: Check = (value) => Array.isArray(value) && value.length === 2 && isLabel(value[0]) && isText(value[1]);

const ascending: Check = (value) =>
  list(isReal)(value) && (value as number[]).every((one, i) => i === 0 || one > ((value as number[])[i - 1] as number));

/** What a descriptor has besides, by its type. */
const TYPES: Readonly<Record<string, Check>> = {
  counter: () => true,
  gauge: fields({ aggregation: optional((value) => (GAUGE_AGGREGATIONS as readonly unknown[]).includes(value)) }),
  info: () => true,
  unknown: () => true,
  histogram: fields({ upperBounds: ascending, native: optional((value) => value === true) }),
  summary: fields({
    quantiles: (value) => ascending(value) && (value as number[]).every((one) => one >= 0 && one <= 1),
  }),
  stateset: fields({ states: list(isName) }),
};

const isDescriptor: Check = (value) =>
  fields({
    name: (name) => isName(name) && isMetricName(name as string, 'utf8'),
    description: isText,
    unit: isText,
    type: isName,
  })(value) &&
  Object.hasOwn(TYPES, (value as Fields).type as string) &&
  (TYPES[(value as Fields).type as string] as Check)(value);

const isLimits = fields({
  maxBuckets: (value) => isIndex(value) && (value as number) > 0,
  maxZeroThreshold: (value) => isReal(value) && (value as number) >= 0,
} satisfies Record<keyof BucketLimits, Check>);

const isFamily = fields({
  id: isIndex,
  descriptor: isDescriptor,
  labelNames: optional(list(isLabel)),
  bucketLimits: optional(isLimits),
} satisfies Record<keyof FamilyNews, Check>);

const isGroup = fields({
  id: isIndex,
  family: isIndex,
  names: list(isLabel),
  constants: list(isPair),
  width: isIndex,
  capacity: isIndex,
} satisfies Record<keyof GroupNews, Check>);

const isBlock = fields({
  group: isIndex,
  block: isIndex,
  values: optional(isDoubles),
  carried: optional(isDoubles),
  recordedAt: optional(isDoubles),
  removed: isIndexes,
  placed: isIndexes,
  labels: list(isText),
  createdMs: isDoubles,
} satisfies Record<keyof BlockNews, Check>);

const isNumbers = fields({
  group: isIndex,
  block: isIndex,
  at: optional(isIndexes),
  values: isDoubles,
  recordedAt: optional(isDoubles),
} satisfies Record<keyof NumberNews, Check>);

const isWindows: Check = (value) =>
  fields({
    group: isIndex,
    slots: isIndexes,
    figures: isDoubles,
    starts: isIndexes,
    keys: isIntegers,
    counts: isDoubles,
  } satisfies Record<keyof WindowNews, Check>)(value) && fitTogether(value as WindowNews);

function fitTogether({ slots, figures, starts, keys, counts }: WindowNews): boolean {
  return (
    figures.length === slots.length * 4 &&
    keys.length === counts.length &&
    counts.every((count) => count > 0) &&
    isStarts(starts, slots.length, keys.length)
  );
}

/** Starts of rows among the buckets, which are by ascending index. */
const isStarts = (starts: Int32Array, rows: number, end: number): boolean =>
  starts.length === rows + 1 &&
  starts.every((start, i) => start <= end && (i === 0 || start >= (starts[i - 1] as number)));

const isBuckets = (value: unknown, rows: number): boolean =>
  fields({ starts: isIndexes, indexes: isIntegers, counts: isDoubles })(value) &&
  isStarts((value as NativeColumns['positive']).starts, rows, (value as NativeColumns['positive']).indexes.length) &&
  (value as NativeColumns['positive']).indexes.length === (value as NativeColumns['positive']).counts.length;

const isNatives: Check = (value) => {
  const isShaped = fields({
    group: isIndex,
    slots: isIndexes,
    width: isIndex,
    values: isDoubles,
    native: isFields,
  } satisfies Record<keyof NativeNews, Check>);
  if (!isShaped(value)) return false;
  const { slots, width, values, native } = value as NativeNews;
  const { schemas, zeroThresholds, zeroCounts, positive, negative } = native;
  const { length } = slots;
  return (
    values.length === length * width &&
    isInt8Array(schemas) &&
    [zeroThresholds, zeroCounts].every((list) => isDoubles(list) && list.length === length) &&
    schemas.length === length &&
    isBuckets(positive, length) &&
    isBuckets(negative, length) &&
    schemas.every((_, row) => isNativeHistogram(nativeHistogramAt({ native, values, width }, row) as NativeHistogram))
  );
};

/** Labels follow the rules of those that are given with a recording. */
const isExemplar = fields({
  column: isIndex,
  labels: (labels) => labels !== undefined && 'labels' in (givenExemplar({ exemplar: labels }) ?? {}),
  value: isReal,
  timestampMs: isReal,
} satisfies Record<keyof Exemplar, Check>);

const isExemplars: Check = (value) =>
  fields({
    group: isIndex,
    block: isIndex,
    rows: isIndexes,
    exemplars: list(isExemplar),
  } satisfies Record<keyof ExemplarNews, Check>)(value) &&
  (value as ExemplarNews).rows.length === (value as ExemplarNews).exemplars.length;

const isReport = fields({
  kind: (kind) => kind === 'report',
  sequence: isCount,
  clockOffset: isReal,
  isAsked: isBoolean,
  numbers: list(isNumbers),
  families: list(isFamily),
  groups: list(isGroup),
  blocks: list(isBlock),
  firstNumbers: list(isNumbers),
  windows: list(isWindows),
  natives: list(isNatives),
  exemplars: list(isExemplars),
  observedNegative: list(isIndex),
  answers: optional(isCount),
  leftOut: list(isIndex),
} satisfies Record<keyof Report, Check>);
