// Which lines one series has, type by type. It is the knowledge that both text formats share; what they do differently
// (names, numbers in labels, lines that one of them lacks) is passed in.
import { type FamilyDescriptor, rowWidth } from '../model/family.js';

/** One line of a series. */
export interface SeriesLine {
  /** The name of the sample, suffix included. */
  readonly name: string;
  /** A label that this line has besides those of the series. */
  readonly label?: readonly [name: string, value: string];
  /** Whether that label stands before those of the series. */
  readonly labelFirst?: boolean;
  /** Which number of the series it shows: an index into its row, or `rowWidth` for the time of its creation. */
  readonly cell: number;
}

/** All lines of a series. */
export interface SeriesLines {
  /** In the order in which they are shown. */
  readonly lines: readonly SeriesLine[];
  /** How many of the first cells, shown by the first lines, add up from line to line: the buckets of a histogram. */
  readonly cumulative: number;
  /** How many of the first lines show exemplars, each those of the cell with its own number. */
  readonly withExemplars: number;
  /** From this cell on, NaN is what nobody told, and its line is left out: sums, counts and times of creation. */
  readonly optionalFrom: number;
  /** Whether lines with a negative number are left out. */
  readonly hidesNegatives: boolean;
}

/** What differs between the formats. */
export interface LineStyle {
  /** The family's name, to which suffixes are appended. */
  readonly base: string;
  /** The name of the sample of a type that has one number per series. */
  readonly single: string;
  /** A number as the value of `le` or `quantile`. */
  readonly labelNumber: (value: number) => string;
  /** Whether `le` and `quantile` stand before the labels of the series. */
  readonly labelFirst?: boolean;
  /** Whether a histogram shows its sum and count; its last bucket is the count in any case. */
  readonly totals: boolean;
  /** What the sum and the count of a gauge histogram have before their names. */
  readonly gaugeTotals: string;
  /** Whether the series of counters, histograms and summaries tell when they were created. */
  readonly created: boolean;
  /** Whether buckets and counters show exemplars. */
  readonly exemplars: boolean;
  /** Whether a summary may show negative numbers, be it a quantile or the sum. */
  readonly negativeSummaries: boolean;
}

export function seriesLines(descriptor: FamilyDescriptor, style: LineStyle): SeriesLines {
  const buckets = 'upperBounds' in descriptor ? descriptor.upperBounds.length + 1 : 0;
  const lines = linesOf(descriptor, style);
  return {
    lines: style.labelFirst === true ? lines.map((line) => ({ ...line, labelFirst: true })) : lines,
    cumulative: buckets,
    withExemplars: style.exemplars ? (descriptor.type === 'counter' ? 1 : buckets) : 0,
    optionalFrom: optionalFrom(descriptor),
    hidesNegatives: descriptor.type === 'summary' && !style.negativeSummaries,
  };
}

function optionalFrom(descriptor: FamilyDescriptor): number {
  switch (descriptor.type) {
    case 'histogram':
    case 'gaugehistogram':
      return descriptor.upperBounds.length + 1;
    case 'summary':
      return descriptor.quantiles.length;
    default:
      return rowWidth(descriptor);
  }
}

function linesOf(descriptor: FamilyDescriptor, style: LineStyle): SeriesLine[] {
  const { base } = style;
  const created = style.created ? [{ name: `${base}_created`, cell: rowWidth(descriptor) }] : [];
  switch (descriptor.type) {
    case 'counter':
      return [{ name: style.single, cell: 0 }, ...created];
    case 'histogram':
      return [...histogramLines(descriptor.upperBounds, style, ''), ...created];
    case 'gaugehistogram':
      return histogramLines(descriptor.upperBounds, style, style.gaugeTotals);
    case 'summary':
      return [...summaryLines(descriptor.quantiles, style), ...created];
    case 'stateset':
      return descriptor.states.map((state, cell) => ({ name: base, label: [base, state], cell }));
    default:
      return [{ name: style.single, cell: 0 }];
  }
}

function histogramLines(upperBounds: readonly number[], style: LineStyle, prefix: string): SeriesLine[] {
  const { base, labelNumber, totals } = style;
  const last = upperBounds.length;
  const buckets = [...upperBounds, Number.POSITIVE_INFINITY].map((bound, cell): SeriesLine => {
    return { name: `${base}_bucket`, label: ['le', labelNumber(bound)], cell };
  });
  // Once buckets are cumulative, the last one is the count, which has no number of its own in the row.
  return totals
    ? [...buckets, { name: `${base}_${prefix}sum`, cell: last + 1 }, { name: `${base}_${prefix}count`, cell: last }]
    : buckets;
}

function summaryLines(quantiles: readonly number[], { base, labelNumber }: LineStyle): SeriesLine[] {
  const count = quantiles.length;
  const lines = quantiles.map((quantile, cell): SeriesLine => {
    return { name: base, label: ['quantile', labelNumber(quantile)], cell };
  });
  return [...lines, { name: `${base}_sum`, cell: count }, { name: `${base}_count`, cell: count + 1 }];
}
