// The side of an operator on which one series only may match: its series, to be found by signature.
import type { VectorMatching } from '../language/expression.js';
import { compareLabels, formatLabelSet } from '../values/label-sets.js';
import { ABSENT, type StepSeries } from '../values/step-series.js';
import type { EarliestFailure } from './earliest-failure.js';
import type { Signature } from './signature.js';

/** Series of one signature. There are several only where each has samples at steps at which those before it have none. */
export interface OneGroup {
  readonly key: string;
  readonly series: StepSeries[];
  /** At which steps any of them has samples; left out as long as there is one series. */
  present?: Uint8Array;
  /** At which steps a result came of the group: of more than one result at a step Prometheus makes an error. */
  answered?: Uint8Array;
}

/** Two series of one signature at the same step. */
interface Duplicate {
  readonly earlier: StepSeries;
  readonly later: StepSeries;
}

export class OneSide {
  readonly #signature: Signature;
  readonly #side: 'left' | 'right';
  readonly #groups = new Map<string, OneGroup>();
  /** By step, the first pair only. */
  readonly #duplicates = new Map<number, Duplicate>();

  constructor(signature: Signature, { cardinality }: VectorMatching) {
    this.#signature = signature;
    this.#side = cardinality === 'one-to-many' ? 'left' : 'right';
  }

  add(series: StepSeries): void {
    const key = this.#signature.keyOf(series.labels);
    const group = this.#groups.get(key);
    if (group === undefined) {
      this.#groups.set(key, { key, series: [series] });
      return;
    }
    if (this.#fillUp(group, series)) group.series.push(series);
  }

  groupOf(many: StepSeries): OneGroup | undefined {
    return this.#groups.get(this.#signature.keyOf(many.labels));
  }

  /** Duplicates are an error at the steps at which the other side has a sample, whether it matches or not. */
  checkDuplicates(many: StepSeries, failure: EarliestFailure): void {
    for (const [step, duplicate] of this.#duplicates) {
      if (many.kinds[step] === ABSENT) continue;
      failure.note(step, this.#describe(duplicate));
    }
  }

  /** Whether the series has anything that the group lacks. Duplicates cost a look at each step, however many there are. */
  #fillUp(group: OneGroup, later: StepSeries): boolean {
    group.present ??= (group.series[0] as StepSeries).kinds.slice();
    const { present } = group;
    let hasNew = false;
    for (let step = 0; step < present.length; step++) {
      const kind = later.kinds[step] as number;
      if (kind === ABSENT) continue;
      if (present[step] === ABSENT) {
        present[step] = kind;
        hasNew = true;
      } else if (!this.#duplicates.has(step)) {
        const earlier = group.series.find(({ kinds }) => kinds[step] !== ABSENT) as StepSeries;
        this.#duplicates.set(step, { earlier, later });
      }
    }
    return hasNew;
  }

  /** Both in the order of their labels, so that the storage does not decide on it. */
  #describe({ earlier, later }: Duplicate): string {
    const series = `[${[later.labels, earlier.labels].sort(compareLabels).map(formatLabelSet).join(', ')}]`;
    return (
      `found duplicate series for the match group ${this.#signature.describe(later.labels)} on the ${this.#side} ` +
      `hand-side of the operation: ${series};many-to-many matching not allowed: matching labels must be unique on one side`
    );
  }
}
