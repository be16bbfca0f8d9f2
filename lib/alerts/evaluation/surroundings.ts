// What the evaluation of a group needs from outside: somebody to ask, somewhere to write to, and what is the same for all
// groups. A file of its own, so that groups can be evaluated by the evaluator and by the runner of rule tests alike.
import type { Labels } from '../../model/label-set.js';
import type { NativeHistogram } from '../../model/native-histogram.js';
import type { QueryEngine } from '../../query/query-engine.js';

/** Where series of rules are written to, sample by sample: a `MemoryStorage`, or anything that takes the same. */
export interface Appending {
  append(labels: Labels, timestampMs: number, value: number): boolean;
  appendHistogram(labels: Labels, timestampMs: number, histogram: NativeHistogram): boolean;
  appendEnd(labels: Labels, timestampMs: number): boolean;
  /** Brings to the disk what is only in memory, when the evaluator is closed. Never rejects. */
  flush?(): Promise<void>;
}

export interface Surroundings {
  readonly engine: QueryEngine;
  /** Without one, recording rules and `ALERTS` are written nowhere. The engine has to see what is in it. */
  readonly storage?: Appending | undefined;
  /** What templates see as `$externalLabels`, and what alerts get on their way out. */
  readonly externalLabels: Labels;
  /** Where the evaluator's own pages are; without a slash at the end. */
  readonly externalUrl: string;
  /** Of groups that say nothing themselves. */
  readonly intervalMs: number;
  /** Of groups that say nothing themselves. */
  readonly queryOffsetMs: number;
  /** How long notifiers may be told nothing of an alert that goes on firing. */
  readonly resendDelayMs: number;
  /** For durations only. */
  readonly monotonic: () => number;
}

/** How a rule fared when it was evaluated last, in the words of Prometheus' API. */
export interface RuleHealth {
  readonly health: 'unknown' | 'ok' | 'err';
  readonly lastError: string;
  readonly lastEvaluationMs: number;
  readonly evaluationSeconds: number;
}

export const NOT_EVALUATED: RuleHealth = {
  health: 'unknown',
  lastError: '',
  lastEvaluationMs: 0,
  evaluationSeconds: 0,
};
