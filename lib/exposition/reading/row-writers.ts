// How the numbers of one series become its row in the model, type by type, and what they have to be like together.
import type { Exemplar } from '../../model/exemplar.js';
import type { MetricType } from '../../model/family.js';
import { boundText } from '../../model/samples.js';
import type { ExpositionTextFormat } from '../encode.js';
import type { FamilyVariants } from './family-variants.js';
import { sampleFault } from './fault.js';
import type { SampleColumns } from './sample-columns.js';
import type { SeriesCells } from './series-cells.js';

/** One series to be written. */
export interface ReadRow {
  readonly row: number;
  readonly numbers: SeriesCells;
  readonly columns: SampleColumns;
  readonly variants: FamilyVariants;
}

/** @throws Fault */
export type RowWriter = (row: ReadRow) => void;

export function rowWriterFor(type: MetricType, format: ExpositionTextFormat): RowWriter {
  switch (type) {
    case 'histogram':
    case 'gaugehistogram':
      return (row) => writeHistogram(row, format === 'openmetrics' ? type : undefined);
    case 'summary':
      return writeSummary;
    case 'stateset':
      return writeStates;
    default:
      return writeSingle;
  }
}

const NO_EXEMPLARS: readonly Exemplar[] = [];

function writeSingle({ row, numbers, columns, variants }: ReadRow): void {
  if (numbers.valuePlace < 0) {
    if (columns.isLenient) return;
    throw sampleFault(numbers.line, 'The series of this sample has no value.');
  }
  const builder = variants.builderFor(variants.variantFor(numbers.keys, 0, true), row);
  builder.values[builder.offset] = numbers.value;
  const exemplar = columns.exemplars.get(numbers.valuePlace);
  const exemplars = exemplar === undefined ? NO_EXEMPLARS : [{ ...exemplar, column: 0 }];
  variants.addRow(builder, row, numbers.createdMs, exemplars);
}

function writeSummary(readRow: ReadRow): void {
  const { row, numbers, columns, variants } = readRow;
  numbers.sort(columns);
  if (columns.isLenient && (numbers.sumPlace < 0 || numbers.countPlace < 0)) return writeLoose(readRow);
  const { keyedCount: count } = numbers;
  const builder = variants.builderFor(variants.variantFor(numbers.keys, count, true), row);
  const { values, offset } = builder;
  for (let i = 0; i < count; i++) values[offset + i] = numbers.values[i]!;
  values[offset + count] = numbers.sum;
  values[offset + count + 1] = numbers.count;
  variants.addRow(builder, row, numbers.createdMs, NO_EXEMPLARS);
}

function writeStates({ row, numbers, columns, variants }: ReadRow): void {
  numbers.sort(columns);
  const { keyedCount: count } = numbers;
  const builder = variants.builderFor(variants.variantFor(numbers.keys, count, true), row);
  const { values, offset } = builder;
  for (let i = 0; i < count; i++) values[offset + i] = numbers.values[i]!;
  variants.addRow(builder, row, Number.NaN, NO_EXEMPLARS);
}

/** `strictType` says of which type it is where the rules of OpenMetrics hold. */
function writeHistogram(row: ReadRow, strictType: MetricType | undefined): void {
  const { numbers, columns, variants } = row;
  const { keyNumbers, cells } = columns;
  const isAscending = numbers.sort(columns);
  const { keyedCount, keys, values: counts } = numbers;
  const hasLast = keyedCount > 0 && keyNumbers[keys[keyedCount - 1]!] === Number.POSITIVE_INFINITY;
  const bounds = hasLast ? keyedCount - 1 : keyedCount;
  if (strictType !== undefined && !columns.isLenient) {
    const least = bounds > 0 ? keyNumbers[keys[0]!]! : Number.POSITIVE_INFINITY;
    checkStrictly(numbers, { isGauge: strictType === 'gaugehistogram', isAscending, hasLast, least });
  }
  const isIncomplete = !hasLast || numbers.countPlace < 0;
  if (columns.isLenient && isIncomplete) return writeLoose(row);
  const total = hasLast ? counts[keyedCount - 1]! : numbers.count;
  if (Number.isNaN(total)) throw sampleFault(numbers.line, 'A histogram has the bucket +Inf, or its count.');
  if (!isIncomplete && numbers.count !== total) {
    if (columns.isLenient) return writeLoose(row);
    throw sampleFault(numbers.line, 'The bucket +Inf has to be as large as the count.');
  }
  const hasSum = !Number.isNaN(numbers.sum);
  const variant = variants.variantFor(keys, bounds, hasSum);
  const builder = variants.builderFor(variant, row.row);
  const { values, offset } = builder;
  let below = 0;
  for (let i = 0; i <= bounds; i++) {
    const count = i === bounds ? total : counts[i]!;
    if (count < below) {
      if (columns.isLenient) return writeLoose(row);
      const line = i < keyedCount ? cells.lineOf(numbers.places[i]!) : numbers.line;
      throw sampleFault(line, 'Buckets add up: none has less than the one of a smaller bound.');
    }
    values[offset + i] = count - below;
    below = count;
  }
  values[offset + bounds + 1] = numbers.sum;
  if (numbers.sum < 0) variant.observedNegative = true;
  variants.addRow(builder, row.row, numbers.createdMs, bucketExemplars(numbers, columns));
}

/** Numbers that make up no row, as those of a service that goes on counting while it shows them. */
function writeLoose({ row, numbers, columns, variants }: ReadRow): void {
  const { keyedCount, keys, values, sum, count, sumPlace, countPlace } = numbers;
  const suffix = columns.keyLabel === 'le' ? '_bucket' : '';
  for (let i = 0; i < keyedCount; i++) {
    variants.addLoose({ row, suffix, key: boundText(columns.keyNumbers[keys[i]!]!) }, values[i]!);
  }
  if (sumPlace >= 0) variants.addLoose({ row, suffix: '_sum' }, sum);
  if (countPlace >= 0) variants.addLoose({ row, suffix: '_count' }, count);
}

interface StrictFacts {
  readonly isGauge: boolean;
  readonly isAscending: boolean;
  readonly hasLast: boolean;
  /** The least of the bounds. */
  readonly least: number;
}

/** Source: https://prometheus.io/docs/specs/om/open_metrics_spec/#histogram-1 */
function checkStrictly(numbers: SeriesCells, { isGauge, isAscending, hasLast, least }: StrictFacts): void {
  const { line, sum, count } = numbers;
  if (!isAscending) throw sampleFault(line, 'Buckets come by ascending bounds.');
  if (!hasLast) throw sampleFault(line, 'The last bucket of every histogram is +Inf.');
  if (Number.isNaN(sum) !== Number.isNaN(count))
    throw sampleFault(line, 'A histogram has both its sum and its count, or none of them.');
  if (!isGauge && least < 0 && !Number.isNaN(sum))
    throw sampleFault(line, 'A histogram with negative bounds has no sum.');
  if (isGauge && !(least < 0) && sum < 0) throw sampleFault(line, 'Without negative bounds the sum is never negative.');
}

function bucketExemplars({ keyedCount, places }: SeriesCells, { exemplars }: SampleColumns): readonly Exemplar[] {
  if (exemplars.size === 0) return NO_EXEMPLARS;
  const found: Exemplar[] = [];
  for (let column = 0; column < keyedCount; column++) {
    const exemplar = exemplars.get(places[column]!);
    if (exemplar !== undefined) found.push({ ...exemplar, column });
  }
  return found;
}
