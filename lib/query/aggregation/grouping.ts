// Which series an aggregation takes together, and what labels they leave their group.
import type { Labels } from '../../model/label-set.js';
import type { Aggregation } from '../language/expression.js';
import { groupKeyOf, groupLabelsOf } from '../values/label-sets.js';

export class Grouping {
  readonly #names: readonly string[];
  readonly #isWithout: boolean;

  constructor({ grouping, isWithout }: Pick<Aggregation, 'grouping' | 'isWithout'>) {
    this.#names = [...grouping].sort();
    this.#isWithout = isWithout;
  }

  keyOf(labels: Labels): string {
    return groupKeyOf(labels, this.#names, this.#isWithout);
  }

  labelsOf(labels: Labels): Labels {
    return groupLabelsOf(labels, this.#names, this.#isWithout);
  }
}

/** Groups in the order in which they came first. */
export class Groups<T> {
  readonly #grouping: Grouping;
  readonly #groups = new Map<string, { readonly labels: Labels; readonly content: T }>();

  constructor(aggregation: Pick<Aggregation, 'grouping' | 'isWithout'>) {
    this.#grouping = new Grouping(aggregation);
  }

  find(key: string): T | undefined {
    return this.#groups.get(key)?.content;
  }

  keyOf(labels: Labels): string {
    return this.#grouping.keyOf(labels);
  }

  /** @param first - The labels of the first series of the group. */
  add(key: string, first: Labels, content: T): T {
    this.#groups.set(key, { labels: this.#grouping.labelsOf(first), content });
    return content;
  }

  values(): IterableIterator<{ readonly labels: Labels; readonly content: T }> {
    return this.#groups.values();
  }
}
