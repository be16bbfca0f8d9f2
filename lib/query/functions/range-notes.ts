// What functions over ranges have to say of a series, in Prometheus' words, each about the argument with the range.
import type { Annotations } from '../evaluation/annotations.js';
import type { Position } from '../language/expression.js';
import type { RangeSeries } from '../values/range-window.js';

const COUNTER_SUFFIXES = ['_total', '_sum', '_count', '_bucket'];

export class RangeNotes {
  readonly #annotations: Annotations;
  readonly #position: Position;
  /** Series of one metric come after each other, and need no second look. */
  #lastCounter = '';

  constructor(annotations: Annotations, position: Position) {
    this.#annotations = annotations;
    this.#position = position;
  }

  /** The window has numbers and histograms, and the function does not go with both. */
  mixed(series: RangeSeries): void {
    this.warn('encountered a mix of histograms and floats for metric name', series);
  }

  /** The function looked at the numbers of the window only. */
  histogramsIgnored(series: RangeSeries): void {
    const text = 'ignored histograms in a range containing both floats and histograms for metric name';
    this.#annotations.info(`${text} ${JSON.stringify(nameOf(series))}`, this.#position);
  }

  /** @param text - To which the name of the metric is added. */
  warn(text: string, series: RangeSeries): void {
    this.#annotations.warn(`${text} ${JSON.stringify(nameOf(series))}`, this.#position);
  }

  /** Tells it of metrics that are not named as counters are. */
  expectCounter(series: RangeSeries): void {
    const name = nameOf(series);
    if (name === this.#lastCounter) return;
    this.#lastCounter = name;
    if (COUNTER_SUFFIXES.some((suffix) => name.endsWith(suffix))) return;
    const text = 'metric might not be a counter, name does not end in _total/_sum/_count/_bucket:';
    this.#annotations.info(`${text} ${JSON.stringify(name)}`, this.#position);
  }
}

function nameOf(series: RangeSeries): string {
  return series.labels.__name__ ?? '';
}
