// What the evaluations of alerting and of recording rules have in common, to the group that they belong to.
import type { Result } from 'neverthrow';
import type { VectorSample } from '../../query/values/query-result.js';
import type { Alert } from '../alert.js';

/** What a rule gave at one moment. */
export interface RuleOutcome {
  /** To be written, with their names. */
  readonly samples: readonly VectorSample[];
  /** To be told to notifiers. */
  readonly alerts: readonly Alert[];
  /** Templates that failed. */
  readonly problems: readonly string[];
}

export interface RuleEvaluation {
  /** @param timeMs - The moment of the evaluation; what is asked and written is `queryOffset` behind it. */
  evaluate(timeMs: number): Promise<Result<RuleOutcome, string>>;
}
