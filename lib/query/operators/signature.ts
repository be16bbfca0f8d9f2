// The labels by which series of two vectors find each other, and what such a group of series is called in errors.
import type { Labels } from '../../model/label-set.js';
import type { VectorMatching } from '../language/expression.js';
import { formatLabelSet, groupKeyOf, groupLabelsOf } from '../values/label-sets.js';

export class Signature {
  readonly #names: readonly string[];
  readonly #isOn: boolean;

  constructor({ isOn, labels }: VectorMatching) {
    this.#isOn = isOn;
    this.#names = [...labels].sort();
  }

  keyOf(labels: Labels): string {
    return groupKeyOf(labels, this.#names, !this.#isOn);
  }

  /** As Prometheus writes the match group: `{job="shop"}`. */
  describe(labels: Labels): string {
    return formatLabelSet(groupLabelsOf(labels, this.#names, !this.#isOn));
  }
}
