// Which series fulfil some predicates: first by what all series of a table share (the names and the extra labels of
// their samples, the constant labels), then by the labels of each. A text that many series have is asked about once.
import type { FamilyDescriptor } from '../../../lib/model/family.js';
import type { LabelPredicate } from '../../../lib/model/matchers.js';
import { matchSamples } from '../../../lib/model/sample-match.js';
import { type SampleKind, storedKinds } from '../../../lib/model/samples.js';
import type { TableDefinition } from '../format/table-definition.js';
import type { RowKey } from './row-result.js';

/** Where one label of a series comes from: a column of the table, or a text that all of its series have. */
interface LabelSource {
  readonly name: string;
  readonly column: number;
  readonly constant: string;
}

export interface SampleQuery {
  readonly predicates: readonly LabelPredicate[];
  /** The samples of a family's series among which to look; all that there are without. */
  readonly kindsOf?: (descriptor: FamilyDescriptor) => readonly SampleKind[];
}

interface ColumnTest {
  readonly column: number;
  readonly predicate: LabelPredicate;
  /** By the number of the text. */
  readonly answers: (boolean | undefined)[];
}

export class TableMatch {
  readonly definition: TableDefinition;
  /** The samples that are asked for. */
  readonly kinds: readonly SampleKind[];
  readonly #sources: readonly LabelSource[];
  readonly #tests: readonly ColumnTest[];

  private constructor(
    definition: TableDefinition,
    { kinds, sources, tests }: { kinds: readonly SampleKind[]; sources: readonly LabelSource[]; tests: ColumnTest[] },
  ) {
    this.definition = definition;
    this.kinds = kinds;
    this.#sources = sources;
    this.#tests = tests;
  }

  /** Undefined when no series of the table can fulfil the predicates. */
  static of(definition: TableDefinition, { predicates, kindsOf = storedKinds }: SampleQuery): TableMatch | undefined {
    const { kinds, predicates: onLabels } = matchSamples(kindsOf(definition.descriptor), predicates);
    if (kinds.length === 0) return undefined;
    const sources = sourcesOf(definition);
    const tests: ColumnTest[] = [];
    for (const predicate of onLabels) {
      const source = sources.find(({ name }) => name === predicate.name);
      if (source !== undefined && source.column >= 0) tests.push({ column: source.column, predicate, answers: [] });
      else if (!predicate.matches(source?.constant ?? '')) return undefined;
    }
    return new TableMatch(definition, { kinds, sources, tests });
  }

  isFulfilledBy(texts: readonly (readonly string[])[], ids: readonly number[]): boolean {
    for (const { column, predicate, answers } of this.#tests) {
      const id = ids[column] as number;
      answers[id] ??= predicate.matches(texts[column]?.[id] ?? '');
      if (!answers[id]) return false;
    }
    return true;
  }

  /** Sorted by name. An empty label is a missing one. */
  labelsOf(texts: readonly (readonly string[])[], ids: readonly number[]): RowKey['labels'] {
    const labels: (readonly [string, string])[] = [];
    for (const { name, column, constant } of this.#sources) {
      const value = column < 0 ? constant : (texts[column]?.[ids[column] as number] ?? '');
      if (value !== '') labels.push([name, value]);
    }
    return labels;
  }
}

function sourcesOf({ labelNames, constantLabels }: TableDefinition): readonly LabelSource[] {
  const own = labelNames.map((name, column): LabelSource => ({ name, column, constant: '' }));
  const constants = constantLabels
    .filter(([name]) => !labelNames.includes(name))
    .map(([name, constant]): LabelSource => ({ name, column: -1, constant }));
  return [...own, ...constants].sort((a, b) => (a.name < b.name ? -1 : 1));
}
