// `count` and `group`: how many samples there are, numbers or histograms, or only that there are any.
import type { Labels } from '../../model/label-set.js';
import { ABSENT, NUMBER, type StepSeries } from '../values/step-series.js';
import type { Accumulator } from './accumulator.js';

export class CountAccumulator implements Accumulator {
  readonly #counts: Float64Array;
  readonly #isGroup: boolean;

  constructor(first: StepSeries, isGroup: boolean) {
    this.#counts = new Float64Array(first.kinds.length);
    this.#isGroup = isGroup;
    this.add(first);
  }

  add({ kinds }: StepSeries): void {
    const counts = this.#counts;
    for (let step = 0; step < kinds.length; step++) {
      if (kinds[step] !== ABSENT) counts[step] = (counts[step] as number) + 1;
    }
  }

  result(labels: Labels): StepSeries {
    const counts = this.#counts;
    const kinds = new Uint8Array(counts.length);
    for (let step = 0; step < kinds.length; step++) kinds[step] = counts[step] === 0 ? ABSENT : NUMBER;
    return { labels, kinds, values: this.#isGroup ? new Float64Array(counts.length).fill(1) : counts };
  }
}
