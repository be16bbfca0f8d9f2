// Makes families of the samples that were read: each series is checked as a whole and written to the columns of the model.
import type { MetricFamily } from '../../model/family.js';
import type { FamilyReader } from './family-reader.js';
import { FamilyVariants } from './family-variants.js';
import { type RowWriter, rowWriterFor } from './row-writers.js';
import type { ReadingContext, SampleColumns } from './sample-columns.js';
import { SeriesCells } from './series-cells.js';

/** Samples per step: some dozen µs of work. */
const SAMPLES_PER_STEP = 2000;

/** What one name in a text becomes, made in steps, so that whoever asks for it can pause between two. */
export class FamilyAssembly {
  readonly #columns: SampleColumns;
  readonly #variants: FamilyVariants;
  readonly #write: RowWriter;
  readonly #numbers = new SeriesCells();
  readonly #order: Int32Array | undefined;
  #row = 0;
  #cell = 0;

  constructor(reader: FamilyReader, columns: SampleColumns, context: ReadingContext) {
    this.#columns = columns;
    this.#variants = new FamilyVariants(reader, columns, context);
    this.#write = rowWriterFor(reader.type, context.format);
    this.#order = columns.cells.order(columns.series.count);
  }

  /**
   * Writes some series more; answers whether there are others.
   *
   * @throws Fault
   */
  step(): boolean {
    const { cells, series } = this.#columns;
    const columns = this.#columns;
    const variants = this.#variants;
    const numbers = this.#numbers;
    const order = this.#order;
    const until = Math.min(cells.count, this.#cell + SAMPLES_PER_STEP);
    while (this.#cell < until) {
      const row = this.#row++;
      const from = this.#cell;
      let to = from + 1;
      while (to < cells.count && cells.rowOf(order === undefined ? to : order[to]!) === row) to++;
      this.#cell = to;
      numbers.read(cells, order, from, to);
      this.#write({ row, numbers, columns, variants });
    }
    return this.#row < series.count;
  }

  families(): MetricFamily[] {
    return this.#variants.families();
  }
}
