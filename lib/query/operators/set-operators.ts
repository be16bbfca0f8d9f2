// `and`, `or` and `unless`: series are let through or held back by what the other side has at the same step under the same
// labels. Of the side that only decides, nothing is kept but where it has samples.

import type { Evaluation } from '../evaluation/evaluation.js';
import { emitAll } from '../evaluation/without-names.js';
import type { BinaryExpression } from '../language/expression.js';
import { SeriesMerger } from '../values/series-merger.js';
import { ABSENT, type Emit, type StepSeries } from '../values/step-series.js';
import type { Signature } from './signature.js';

export async function setOperation(
  expression: BinaryExpression,
  signature: Signature,
  { evaluation, emit }: { readonly evaluation: Evaluation; readonly emit: Emit },
): Promise<void> {
  const { operator, left, right } = expression;
  const present = new PresentSteps(signature);
  if (operator === 'or') {
    const merger = new SeriesMerger();
    await evaluation.vector(left, (series) => {
      present.add(series);
      merger.add(series);
    });
    await evaluation.vector(right, (series) => {
      const rest = present.without(series);
      if (rest === undefined) return;
      merger.add(rest);
    });
    return emitAll(merger.values(), evaluation, emit);
  }
  await evaluation.vector(right, (series) => present.add(series));
  await evaluation.vector(left, (series) => {
    const kept = operator === 'and' ? present.within(series) : present.without(series);
    if (kept !== undefined) emit(kept);
  });
}

/** At which steps there is any series of a signature. */
class PresentSteps {
  readonly #signature: Signature;
  readonly #bySignature = new Map<string, Uint8Array>();

  constructor(signature: Signature) {
    this.#signature = signature;
  }

  add({ labels, kinds }: StepSeries): void {
    const key = this.#signature.keyOf(labels);
    const present = this.#bySignature.get(key);
    if (present === undefined) {
      this.#bySignature.set(key, kinds.slice());
      return;
    }
    for (let step = 0; step < kinds.length; step++) present[step] = (present[step] as number) | (kinds[step] as number);
  }

  /** What the series has at these steps. */
  within(series: StepSeries): StepSeries | undefined {
    const present = this.#bySignature.get(this.#signature.keyOf(series.labels));
    return present === undefined ? undefined : masked(series, present, true);
  }

  /** What the series has at all other steps. */
  without(series: StepSeries): StepSeries | undefined {
    const present = this.#bySignature.get(this.#signature.keyOf(series.labels));
    return present === undefined ? series : masked(series, present, false);
  }
}

function masked(series: StepSeries, mask: Uint8Array, keepsPresent: boolean): StepSeries | undefined {
  const kinds = new Uint8Array(mask.length);
  let [kept, dropped] = [0, 0];
  for (let step = 0; step < kinds.length; step++) {
    const kind = series.kinds[step] as number;
    if (kind === ABSENT) continue;
    if ((mask[step] !== ABSENT) === keepsPresent) {
      kinds[step] = kind;
      kept++;
    } else {
      dropped++;
    }
  }
  if (dropped === 0) return series;
  return kept === 0 ? undefined : { ...series, kinds };
}
