// Which series fulfil some predicates: first by what all series of a table share (the names and the extra labels of
// their samples), then by the labels of each.
import type { LabelPredicate } from '../../lib/model/matchers.js';
import type { SampleKind } from '../../lib/model/samples.js';
import type { LabelNames, StoredSeries } from './stored-series.js';

/** What is left to ask once a table's samples are known. */
export interface TableMatch {
  /** The samples that are asked for; none of them when the table has nothing to give. */
  readonly kinds: readonly SampleKind[];
  /** The predicates that the labels of a series have to fulfil besides. */
  readonly predicates: readonly LabelPredicate[];
}

export function matchTable(kinds: readonly SampleKind[], predicates: readonly LabelPredicate[]): TableMatch {
  const extra = kinds.find(({ label }) => label !== undefined)?.label?.[0];
  const named = predicates.filter(({ name }) => name === '__name__');
  const onExtra = predicates.filter(({ name }) => name === extra);
  return {
    kinds: kinds.filter(
      ({ name, label }) =>
        named.every((predicate) => predicate.matches(name)) &&
        onExtra.every((predicate) => predicate.matches(label?.[1] ?? '')),
    ),
    predicates: predicates.filter(({ name }) => name !== '__name__' && name !== extra),
  };
}

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
