// Which lines one series has, type by type. It is the knowledge that both text formats share; what they do differently
// (names, numbers in labels, lines that one of them lacks) is passed in.
import type { FamilyDescriptor } from '../model/family.js';

/** One line of a series. */
export interface SeriesLine {
  /** The name of the sample, suffix included. */
  readonly name: string;
  /** A label that this line has besides those of the series. */
  readonly label?: readonly [name: string, value: string];
  /** Which number of the series it shows: an index into its row, or `rowWidth` for the time of its creation. */
  readonly cell: number;
}

/** What differs between the formats. */
export interface LineStyle {
  /** The family's name, to which suffixes are appended. */
  readonly base: string;
  /** The name of the sample of a type that has one number per series. */
  readonly single: string;
  /** A number as the value of `le` or `quantile`. */
  readonly labelNumber: (value: number) => string;
  /** Whether a histogram shows its sum and count; its last bucket is the count in any case. */
  readonly totals: boolean;
}

export function seriesLines(descriptor: FamilyDescriptor, style: LineStyle): SeriesLine[] {
  const { base } = style;
  switch (descriptor.type) {
    case 'histogram':
      return histogramLines(descriptor.upperBounds, style);
    case 'summary': {
      const count = descriptor.quantiles.length;
      const quantiles = descriptor.quantiles.map((quantile, cell): SeriesLine => {
        return { name: base, label: ['quantile', style.labelNumber(quantile)], cell };
      });
      return [...quantiles, { name: `${base}_sum`, cell: count }, { name: `${base}_count`, cell: count + 1 }];
    }
    case 'stateset':
      return descriptor.states.map((state, cell) => ({ name: base, label: [base, state], cell }));
    default:
      return [{ name: style.single, cell: 0 }];
  }
}

function histogramLines(upperBounds: readonly number[], style: LineStyle): SeriesLine[] {
  const last = upperBounds.length;
  const lines: SeriesLine[] = [...upperBounds, Infinity].map((bound, cell) => ({
    name: `${style.base}_bucket`,
    label: ['le', style.labelNumber(bound)],
    cell,
  }));
  if (!style.totals) return lines;
  // The count is the last bucket once buckets are cumulative: the row has no number of its own for it.
  return [...lines, { name: `${style.base}_sum`, cell: last + 1 }, { name: `${style.base}_count`, cell: last }];
}
