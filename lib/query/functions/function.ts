// What a function of PromQL is to the evaluator: it gets its call unevaluated and asks for the arguments it wants, because
// some look at the form of an argument and not at its value only.
import type { Evaluation } from '../evaluation/evaluation.js';
import type { Call } from '../language/expression.js';
import type { Emit } from '../values/step-series.js';

/** Hands over its series one by one. Metric names are dropped by the function, where it drops them. */
export type VectorFunction = (call: Call, evaluation: Evaluation, emit: Emit) => Promise<void>;

/** Answers a value by step. */
export type ScalarFunction = (call: Call, evaluation: Evaluation) => Promise<Float64Array>;
