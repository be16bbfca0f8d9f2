// The promise that no two series of a vector have the same labels, where a function may have broken it by dropping or changing
// labels. Prometheus keeps it in two ways, and both are kept here.
import type { Call } from '../language/expression.js';
import { hasOneName } from '../language/one-name.js';
import { keyOf } from '../values/label-sets.js';
import { SeriesMerger } from '../values/series-merger.js';
import type { Emit } from '../values/step-series.js';
import type { Evaluation } from './evaluation.js';
import { emitAll, sameLabels } from './without-names.js';

/**
 * `unique`: nothing can be alike. `join`: what is alike becomes one series, unless both have a sample at the same step.
 * `refuse`: what is alike is refused, whatever the steps.
 */
export type Uniqueness = 'unique' | 'join' | 'refuse';

const KEEP_LABELS: ReadonlySet<string> = new Set(['sort', 'sort_desc', 'last_over_time']);
const MAKE_ONE_SERIES: ReadonlySet<string> = new Set(['vector', 'absent', 'absent_over_time']);

export function uniquenessOf({ name, args, signature }: Call): Uniqueness {
  if (name === 'label_replace' || name === 'label_join') return 'refuse';
  if (KEEP_LABELS.has(name) || MAKE_ONE_SERIES.has(name) || args.every(hasOneName)) return 'unique';
  return signature.args.includes('matrix') ? 'refuse' : 'join';
}

/** Has `make` hand over its series, and hands over those that are left. */
export async function emitUnique(
  { uniqueness, evaluation, emit }: { uniqueness: Uniqueness; evaluation: Evaluation; emit: Emit },
  make: (emit: Emit) => Promise<void>,
): Promise<void> {
  if (uniqueness === 'unique') return make(emit);
  if (uniqueness === 'refuse') return make(refusing(emit));
  const merger = new SeriesMerger();
  await make((series) => {
    evaluation.countSamples(evaluation.steps.count);
    if (merger.add(series) >= 0) throw sameLabels();
  });
  await emitAll(merger.values(), evaluation, emit);
}

function refusing(emit: Emit): Emit {
  const keys = new Set<string>();
  return (series) => {
    const key = keyOf(series.labels);
    if (keys.has(key)) throw sameLabels();
    keys.add(key);
    emit(series);
  };
}
