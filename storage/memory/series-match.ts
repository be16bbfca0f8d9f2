// Which series fulfil some predicates by their labels, once it is known which samples of their table are asked for.
import type { LabelPredicate } from '../../lib/model/matchers.js';
import type { LabelNames, StoredSeries } from './stored-series.js';

/** Asks series about their labels. Looks for the place of a label once per combination of label names. */
export class LabelTest {
  readonly #predicates: readonly LabelPredicate[];
  readonly #places: Int32Array;
  #labels: LabelNames | undefined;

  constructor(predicates: readonly LabelPredicate[]) {
    this.#predicates = predicates;
    this.#places = new Int32Array(predicates.length);
  }

  isFulfilledBy({ labels, values }: Pick<StoredSeries, 'labels' | 'values'>): boolean {
    if (labels !== this.#labels) {
      this.#predicates.forEach(({ name }, p) => {
        this.#places[p] = labels.names.indexOf(name);
      });
      this.#labels = labels;
    }
    for (let p = 0; p < this.#predicates.length; p++) {
      const place = this.#places[p] as number;
      if (!(this.#predicates[p] as LabelPredicate).matches(place < 0 ? '' : (values[place] as string))) return false;
    }
    return true;
  }
}
