// What went wrong between the samples of two vectors, by step. Of several problems at one step Prometheus tells the last one,
// so they are noted until all series are through.
import type { Annotations } from '../evaluation/annotations.js';
import type { BinaryExpression } from '../language/expression.js';

const NUMBER_AND_HISTOGRAM = 1;
const HISTOGRAM_AND_NUMBER = 2;
const TWO_HISTOGRAMS = 3;
const DIFFERENT_BUCKETS = 4;

export class SampleProblems {
  readonly #expression: BinaryExpression;
  readonly #steps: number;
  #problems: Uint8Array | undefined;

  constructor(expression: BinaryExpression, steps: number) {
    this.#expression = expression;
    this.#steps = steps;
  }

  /** The operator means nothing between what stands at its sides, of which one is a histogram at least. */
  addTypes(step: number, isLeftHistogram: boolean, isRightHistogram: boolean): void {
    if (!isLeftHistogram) this.#add(step, NUMBER_AND_HISTOGRAM);
    else this.#add(step, isRightHistogram ? TWO_HISTOGRAMS : HISTOGRAM_AND_NUMBER);
  }

  /** Two histograms have buckets that cannot be brought together. */
  addBuckets(step: number): void {
    this.#add(step, DIFFERENT_BUCKETS);
  }

  report(annotations: Annotations): void {
    const { operator, position } = this.#expression;
    for (const problem of new Set(this.#problems)) {
      if (problem === DIFFERENT_BUCKETS) {
        annotations.warn(`incompatible bucket layout encountered for binary operator ${operator}`, position);
      } else if (problem !== 0) {
        const left = problem === NUMBER_AND_HISTOGRAM ? 'float' : 'histogram';
        const right = problem === HISTOGRAM_AND_NUMBER ? 'float' : 'histogram';
        const types = `${left} ${operator} ${right}`;
        annotations.info(`incompatible sample types encountered for binary operator "${operator}": ${types}`, position);
      }
    }
  }

  #add(step: number, problem: number): void {
    this.#problems ??= new Uint8Array(this.#steps);
    this.#problems[step] = problem;
  }
}
