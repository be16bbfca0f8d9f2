// What functions over ranges have to say of a series, in Prometheus' words, each about the argument with the range.
import type { Annotations } from '../evaluation/annotations.js';
import { type NotePlace, warnOfMixedSamples } from '../histograms/histogram-notes.js';
import type { Position } from '../language/expression.js';
import type { RangeSeries } from '../values/range-window.js';

const COUNTER_SUFFIXES = ['_total', '_sum', '_count', '_bucket'];

export class RangeNotes {
  readonly #annotations: Annotations;
  readonly #position: Position;
  #series: RangeSeries | undefined;
  #place: NotePlace | undefined;
  /** Series of one metric come after each other, and need no second look. */
  #lastCounter = '';

  constructor(annotations: Annotations, position: Position) {
    this.#annotations = annotations;
    this.#position = position;
  }

  /** What notes on a series are about. */
  placeOf(series: RangeSeries): NotePlace {
    if (this.#place === undefined || this.#series !== series) {
      this.#place = { annotations: this.#annotations, position: this.#position, metricName: nameOf(series) };
      this.#series = series;
    }
    return this.#place;
  }

  /** The window has numbers and histograms, and the function does not go with both. */
  mixed(series: RangeSeries): void {
    warnOfMixedSamples(this.placeOf(series));
  }

  /** The function looked at the numbers of the window only. */
  histogramsIgnored(series: RangeSeries): void {
    this.#tell('ignored histograms in a range containing both floats and histograms for metric name', nameOf(series));
  }

  /** Tells of metrics that have a name, and not one of a counter. */
  expectCounter(series: RangeSeries): void {
    const name = nameOf(series);
    if (name === '' || name === this.#lastCounter) return;
    this.#lastCounter = name;
    if (COUNTER_SUFFIXES.some((suffix) => name.endsWith(suffix))) return;
    this.#tell('metric might not be a counter, name does not end in _total/_sum/_count/_bucket:', name);
  }

  #tell(text: string, name: string): void {
    this.#annotations.info(`${text} ${JSON.stringify(name)}`, this.#position);
  }
}

function nameOf({ labels }: RangeSeries): string {
  return labels.__name__ ?? '';
}
