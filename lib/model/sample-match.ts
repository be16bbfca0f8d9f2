// Which samples of a family are asked for, by what all of its series share: the names and the extra labels of their samples. What
// storages ask first, before they look at the labels of any series.
import type { LabelPredicate } from './matchers.js';
import type { SampleKind } from './samples.js';

/** What is left to ask once the samples of a family are known. */
export interface SampleMatch {
  /** The samples that are asked for; none of them when the family has nothing to give. */
  readonly kinds: readonly SampleKind[];
  /** The predicates that the labels of a series have to fulfil besides. */
  readonly predicates: readonly LabelPredicate[];
}

export function matchSamples(kinds: readonly SampleKind[], predicates: readonly LabelPredicate[]): SampleMatch {
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
