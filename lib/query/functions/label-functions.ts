// `label_replace` and `label_join`, which change labels and nothing else. Their texts are looked at once for the query, and a
// value once for all series that share it.
import { compileFullMatch } from '../../model/full-match.js';
import { type Labels, newLabelSet } from '../../model/label-set.js';
import type { Evaluation } from '../evaluation/evaluation.js';
import { QueryFailure } from '../evaluation/query-failure.js';
import type { Expression } from '../language/expression.js';
import type { Emit, StepSeries } from '../values/step-series.js';
import { textOf } from './arguments.js';
import type { VectorFunction } from './function.js';
import { parseReplacement } from './replacement.js';

/** So many that it is looked each time whether a pause is due. */
const SLOTS_OF_SLOW_WORK = 10_000;
/** Far beyond what anybody reads. Calls within calls double a value each, and matching a long one would hold the event loop. */
const LONGEST_VALUE = 65_536;
/** However long each is, there may be many: with the keys made of it, a value takes as much memory as samples of its length. */
const CHARACTERS_PER_SAMPLE = 4;

export const labelFunctions: Readonly<Record<string, VectorFunction>> = {
  label_replace: async ({ args }, evaluation, emit) => {
    const [target, replacement, source, pattern] = args.slice(1).map(textOf) as [string, string, string, string];
    const compiled = compileFullMatch(pattern);
    if (compiled.isErr()) throw failure(`invalid regular expression in label_replace(): ${pattern}`);
    if (!isLabelName(target)) throw failure(`invalid destination label name in label_replace(): ${target}`);
    const expand = parseReplacement(replacement);
    const { isSlow, match } = compiled.value;
    const replaced = remembered((value) => {
      const found = match(value);
      return found && expand(found);
    });
    await eachOf(args[0] as Expression, { evaluation, isSlow }, (series) => {
      const value = replaced(series.labels[source] ?? '');
      if (value !== undefined) countCharacters(value.length, evaluation);
      emit(value === undefined ? series : { ...series, labels: withLabel(series.labels, target, value) });
    });
  },

  label_join: async ({ args }, evaluation, emit) => {
    const [target, separator, ...sources] = args.slice(1).map(textOf) as [string, string, ...string[]];
    for (const source of sources) {
      if (!isLabelName(source)) throw failure(`invalid source label name in label_join(): ${source}`);
    }
    if (!isLabelName(target)) throw failure(`invalid destination label name in label_join(): ${target}`);
    await evaluation.vector(args[0] as Expression, (series) => {
      const values = sources.map((source) => series.labels[source] ?? '');
      countCharacters(lengthOf(values, separator), evaluation);
      emit({ ...series, labels: withLabel(series.labels, target, values.join(separator)) });
    });
  },
};

/** Series by series as they come, or, where the work on each is slow, afterwards and with pauses. */
async function eachOf(
  source: Expression,
  { evaluation, isSlow }: { readonly evaluation: Evaluation; readonly isSlow: boolean },
  work: Emit,
): Promise<void> {
  if (!isSlow) return evaluation.vector(source, work);
  const kept: StepSeries[] = [];
  await evaluation.vector(source, (series) => void kept.push(series));
  for (const series of kept) {
    work(series);
    const pause = evaluation.pause(SLOTS_OF_SLOW_WORK);
    if (pause !== undefined) await pause;
  }
}

function lengthOf(joined: readonly string[], separator: string): number {
  return joined.reduce((length, text) => length + separator.length + text.length, -separator.length);
}

/** Throws `limit_exceeded` before the memory is used: what was put together is no text yet, only a reference to its parts. */
function countCharacters(characters: number, evaluation: Evaluation): void {
  if (characters > LONGEST_VALUE) {
    throw new QueryFailure({ kind: 'limit_exceeded', limit: 'the length of a label value', allowed: LONGEST_VALUE });
  }
  evaluation.countSamples(Math.max(0, characters) / CHARACTERS_PER_SAMPLE);
}

/** An empty value takes the label away. */
function withLabel(labels: Labels, name: string, value: string): Labels {
  const changed = newLabelSet();
  for (const other of Object.keys(labels)) if (other !== name) changed[other] = labels[other] as string;
  if (value !== '') changed[name] = value;
  return changed;
}

function remembered(compute: (value: string) => string | undefined): (value: string) => string | undefined {
  const known = new Map<string, string | undefined>();
  return (value) => {
    if (!known.has(value)) known.set(value, compute(value));
    return known.get(value);
  };
}

/** Any text but the empty one, as long as it is one: what is left of bytes that are no UTF-8 is not. */
function isLabelName(name: string): boolean {
  return name !== '' && name.isWellFormed() && !name.includes('\ufffd');
}

function failure(problem: string): QueryFailure {
  return new QueryFailure({ kind: 'evaluation_failed', problem });
}
