// The labels of what comes of two series that match.
import { type Labels, newLabelSet } from '../../model/label-set.js';
import type { BinaryExpression, VectorMatching } from '../language/expression.js';
import { dropsName } from '../language/one-name.js';
import { hasTypeOrUnit, withoutName } from '../values/label-sets.js';

export class ResultLabels {
  readonly #matching: VectorMatching;
  readonly #isOneToOne: boolean;
  readonly #dropsName: boolean;
  readonly #returnsBool: boolean;

  constructor({ operator, returnsBool }: BinaryExpression, matching: VectorMatching) {
    this.#matching = matching;
    this.#isOneToOne = matching.cardinality === 'one-to-one';
    this.#dropsName = dropsName(operator);
    this.#returnsBool = returnsBool;
  }

  /** Whether the name that the many had is not in the result. */
  get areNameless(): boolean {
    return this.#dropsName || this.#returnsBool;
  }

  /** Whether two results have the same labels exactly when their series have the same signature. */
  followSignature(many: Labels): boolean {
    if (!this.#isOneToOne || hasTypeOrUnit(many)) return false;
    const { isOn, labels } = this.#matching;
    const isNameListed = labels.includes('__name__');
    return isOn ? !(isNameListed && this.areNameless) : isNameListed || this.areNameless;
  }

  of(many: Labels, one: Labels): Labels {
    const { include } = this.#matching;
    const base = this.#matched(this.#dropsName ? withoutName(many) : many);
    const labels = include.length === 0 ? base : withIncluded(base, one, include);
    return this.#returnsBool ? withoutName(labels) : labels;
  }

  /** Only what matched is left where it is one to one; the many keep what tells them apart. */
  #matched(many: Labels): Labels {
    const { isOn, labels } = this.#matching;
    if (!this.#isOneToOne || (!isOn && labels.length === 0)) return many;
    const kept = newLabelSet();
    for (const name of Object.keys(many)) if (labels.includes(name) === isOn) kept[name] = many[name] as string;
    return kept;
  }
}

/** A label that the one side has not is taken from the many. */
function withIncluded(many: Labels, one: Labels, include: readonly string[]): Labels {
  const labels = newLabelSet();
  for (const name of Object.keys(many)) if (!include.includes(name)) labels[name] = many[name] as string;
  for (const name of include) {
    const value = one[name];
    if (value !== undefined && value !== '') labels[name] = value;
  }
  return labels;
}
