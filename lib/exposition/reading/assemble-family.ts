// Makes families of the samples that were read: each series is checked as a whole and written to the columns of the model.
import type { MetricFamily } from '../../model/family.js';
import type { FamilyReader } from './family-reader.js';
import { FamilyVariants } from './family-variants.js';
import { type RowWriter, rowWriterFor } from './row-writers.js';
import type { ReadingContext } from './sample-columns.js';
import { SeriesCells } from './series-cells.js';

/** Samples between two steps: some dozen µs of work. */
const SAMPLES_PER_STEP = 4000;

/**
 * The families that the samples under one name make up. It goes in steps, so that whoever asks for it can pause between two.
 *
 * @throws Fault
 */
export function* assembleFamily(
  reader: FamilyReader,
  context: ReadingContext,
): Generator<undefined, readonly MetricFamily[], undefined> {
  const { columns } = reader;
  if (columns === undefined) return [];
  const { cells, series } = columns;
  const variants = new FamilyVariants(reader, columns, context);
  const numbers = new SeriesCells();
  const write: RowWriter = rowWriterFor(reader.type, context.format);
  const order = cells.order(series.count);
  let from = 0;
  let steppedAt = 0;
  for (let row = 0; row < series.count; row++) {
    let to = from;
    while (to < cells.count && cells.rows[order === undefined ? to : order[to]!] === row) to++;
    numbers.read(cells, order, from, to);
    write({ row, numbers, columns, variants });
    from = to;
    if (to - steppedAt < SAMPLES_PER_STEP) continue;
    steppedAt = to;
    yield;
  }
  return variants.families();
}
