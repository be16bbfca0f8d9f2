// The samples of a family in columns, as its lines are read. Each sample is checked by itself here; what those of one series have to
// be like together is checked when series are made of them.
import { type Exemplar, MOST_EXEMPLAR_CODE_POINTS } from '../../model/exemplar.js';
import type { MetricType } from '../../model/family.js';
import { type Labels, newLabelSet } from '../../model/label-set.js';
import type { ExpositionTextFormat } from '../encode.js';
import { Cells, CREATED, KEYED, VALUE } from './cells.js';
import { keyLabelOf } from './family-types.js';
import { LineFault, limitFault, SAMPLE_TWICE } from './fault.js';
import { LabelSets } from './label-sets.js';
import type { ExpositionLimits } from './limits.js';
import { classicRule, keyNumber, openMetricsRule, type ValueRule } from './sample-rules.js';
import type { SampleScanner } from './sample-scanner.js';
import { SeriesTable } from './series-table.js';
import { TextTable } from './text-table.js';

/** What all families of a text have in common. */
export interface ReadingContext {
  readonly format: ExpositionTextFormat;
  readonly limits: ExpositionLimits;
  /** Whether what breaks a rule is kept as far as it goes, as single samples, instead of refusing the text. */
  readonly isLenient: boolean;
  /** Of all families so far. */
  seriesCount: number;
}

/** An exemplar of which the column is not known yet. */
export type ReadExemplar = Omit<Exemplar, 'column'>;

export class SampleColumns {
  readonly labels: LabelSets;
  readonly series: SeriesTable;
  readonly cells = new Cells();
  /** By the cell that they belong to. */
  readonly exemplars = new Map<number, ReadExemplar>();
  /** By key: the bound or the quantile; of states, which have texts, the place in which they came. */
  readonly keyNumbers: number[] = [];
  readonly #type: MetricType;
  readonly #isClassic: boolean;
  readonly #isInAnyOrder: boolean;
  readonly #context: ReadingContext;
  readonly #rule: ValueRule;
  /** The label that says which number of its series a line has. */
  readonly keyLabel: string | undefined;
  /** By the id of their text: equal numbers have one key, however they are written. */
  readonly #keys: number[] = [];
  readonly #keyOfNumber = new Map<number, number>();
  /** Keeps nothing: the labels of exemplars are all different. */
  #exemplarTexts: TextTable | undefined;
  /** Which numbers with keys are there, once one must have been there twice. */
  #seen: Set<number> | undefined;
  #row = -1;

  constructor(family: string, type: MetricType, context: ReadingContext) {
    this.#type = type;
    this.#context = context;
    this.#isClassic = context.format === 'prometheus';
    this.#rule = this.#isClassic ? classicRule(type) : openMetricsRule(type);
    this.keyLabel = keyLabelOf(type, family);
    this.labels = new LabelSets(this.keyLabel, context.limits);
    // Series of several lines are one, whatever times those have; other series may be there at several times.
    this.#isInAnyOrder = this.#isClassic || context.isLenient;
    this.series = new SeriesTable(this.#isInAnyOrder && this.keyLabel === undefined);
  }

  get isLenient(): boolean {
    return this.#context.isLenient;
  }

  /** The texts of bounds, quantiles and states as they came; those of states by key. */
  get keyTexts(): readonly string[] {
    return this.labels.ownValues;
  }

  /**
   * Answers whether the sample is one that the family can have, which is always so where others are a fault. Of samples that are
   * there twice the first one counts.
   *
   * @throws LineFault
   */
  add(scanner: SampleScanner, role: number, line: number): boolean {
    const { value, valueAt, nameFrom, tail } = scanner;
    const problem = this.#rule(role, value);
    if (problem !== undefined) return this.#misfit(problem, valueAt) !== undefined;
    this.labels.read(scanner.source, scanner.labels);
    const key = this.keyLabel === undefined ? role : this.#keyFor(role, nameFrom);
    if (key === undefined) return false;
    const time = this.#isClassic ? tail.time : millisecondsOf(tail.time);
    this.#row = this.#isInAnyOrder ? this.#anyRow(time, nameFrom) : this.#nextRow(time, nameFrom);
    if (!this.#isNew(this.#row, key)) {
      if (this.#context.isLenient) return true;
      throw new LineFault(SAMPLE_TWICE, nameFrom);
    }
    if (tail.hasExemplar) this.#addExemplar(scanner, role, key);
    this.cells.push(this.#row, key, role === CREATED ? millisecondsOf(value) : value, line);
    return true;
  }

  /** Of numbers with keys, the rest shows when the series is put together. */
  #isNew(row: number, key: number): boolean {
    const { series, cells } = this;
    if (key < 0) return series.sees(row, 1 << -key);
    const isSuspect = series.countKeyed(row) > this.keyNumbers.length;
    if (!isSuspect && this.#seen === undefined) return true;
    if (!this.#context.isLenient) return false;
    if (this.#seen === undefined) {
      this.#seen = new Set();
      for (let cell = 0; cell < cells.count; cell++) this.#seen.add(placeOf(cells.rowOf(cell), cells.keyOf(cell)));
    }
    const { size } = this.#seen;
    return this.#seen.add(placeOf(row, key)).size > size;
  }

  #misfit(problem: string, at: number): undefined {
    if (!this.#context.isLenient) throw new LineFault(problem, at);
  }

  /** Undefined where the sample has no place in its series. */
  #keyFor(role: number, at: number): number | undefined {
    const id = this.labels.ownId;
    if (role === KEYED) {
      if (id < 0) return this.#misfit(`This sample has to have the label ${this.keyLabel}.`, at);
      return this.#keys[id] ?? this.#newKey(id, at);
    }
    if (id >= 0) return this.#misfit(`This sample may not have the label ${this.keyLabel}.`, at);
    return role;
  }

  #newKey(id: number, at: number): number | undefined {
    const { isLenient } = this.#context;
    const text = this.keyTexts[id]!;
    const number = this.#type === 'stateset' ? id : keyNumber(this.#type, text, !this.#isClassic && !isLenient);
    if (typeof number === 'string') return this.#misfit(number, at);
    const key = this.#keyOf(number);
    this.#keys[id] = key;
    return key;
  }

  #keyOf(number: number): number {
    const known = this.#keyOfNumber.get(number);
    if (known !== undefined) return known;
    this.#keyOfNumber.set(number, this.keyNumbers.length);
    return this.keyNumbers.push(number) - 1;
  }

  #anyRow(time: number, at: number): number {
    const { labels, series } = this;
    const isSame = labels.isSame && this.keyLabel !== undefined;
    const row = isSame ? this.#row : series.find(labels.shape, labels.ids, labels.width, time);
    if (row < 0) return this.#addRow(time, at);
    if (!Number.isNaN(time)) series.times[row] = time;
    return row;
  }

  /** Samples of a series follow each other in OpenMetrics, and where they have times, those never go back. */
  #nextRow(time: number, at: number): number {
    const { labels, series } = this;
    if (labels.isSame && Object.is(series.times[this.#row], time)) return this.#row;
    const row = series.find(labels.shape, labels.ids, labels.width, time);
    if (row < 0) return this.#addRow(time, at);
    if (row !== this.#row && this.#type !== 'info') {
      throw new LineFault('The samples of one series have to follow each other.', at);
    }
    const before = series.times[row]!;
    if (Object.is(before, time)) return row;
    if (!(time > before)) {
      throw new LineFault('Either all samples of a series have times, which never go back, or none of them has.', at);
    }
    return this.#addRow(time, at);
  }

  #addRow(time: number, at: number): number {
    const { labels, series } = this;
    if (++this.#context.seriesCount > this.#context.limits.maxSeries) throw limitFault('maxSeries', at);
    return series.add(labels.shape, labels.ids, labels.width, time);
  }

  #addExemplar(scanner: SampleScanner, role: number, key: number): void {
    const { exemplarAt, exemplarValue: value, exemplarTime } = scanner.tail;
    const type = this.#type;
    const isBucket = role === KEYED && (type === 'histogram' || type === 'gaugehistogram');
    if (!isBucket && !(role === VALUE && type === 'counter')) {
      return this.#misfit('Only counters and buckets have exemplars.', exemplarAt);
    }
    if (isBucket && value > this.keyNumbers[key]!) {
      return this.#misfit('The value of an exemplar has to be in its bucket.', exemplarAt);
    }
    const labels = this.#exemplarLabels(scanner);
    this.exemplars.set(this.cells.count, { labels, value, timestampMs: millisecondsOf(exemplarTime) });
  }

  #exemplarLabels({ source, tail }: SampleScanner): Labels {
    const { names, values } = tail.exemplarLabels;
    const labels = newLabelSet();
    this.#exemplarTexts ??= new TextTable();
    const texts = this.#exemplarTexts;
    let codePoints = 0;
    for (let i = 0; i < names.count; i++) {
      texts.find(0, source, names, i);
      const name = texts.text(source, names, i);
      texts.find(0, source, values, i);
      const value = texts.text(source, values, i);
      if (labels[name] !== undefined) throw new LineFault('A label stands here for the second time.', names.from(i));
      labels[name] = value;
      codePoints += [...name].length + [...value].length;
    }
    if (codePoints > MOST_EXEMPLAR_CODE_POINTS) {
      throw new LineFault(
        `The labels of an exemplar have ${MOST_EXEMPLAR_CODE_POINTS} characters at most.`,
        tail.exemplarAt,
      );
    }
    return labels;
  }
}

/** One number for the key of a row; there are fewer keys than bytes in a text. */
function placeOf(row: number, key: number): number {
  return row * 2 ** 30 + key;
}

/** From seconds; to the microsecond, because the product alone would turn 1.001 s into a little less than 1001 ms. */
function millisecondsOf(seconds: number): number {
  return Math.round(seconds * 1e6) / 1e3;
}
