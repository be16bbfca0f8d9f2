// Evaluates a recording rule: the answers of its expression under the rule's name and with its labels.
import { err, ok, type Result } from 'neverthrow';
import { type Labels, newLabelSet } from '../../model/label-set.js';
import { keyOf } from '../../query/values/label-sets.js';
import type { VectorSample } from '../../query/values/query-result.js';
import type { RecordingRule } from '../rules/rule.js';
import type { RuleEvaluation, RuleOutcome } from './rule-evaluation.js';
import { samplesAt } from './rule-query.js';
import type { Surroundings } from './surroundings.js';

export interface RuleLimits {
  readonly limit: number;
  readonly queryOffsetMs: number;
  /** Those of the group and of the rule. */
  readonly labels: Labels;
}

export class RecordingEvaluation implements RuleEvaluation {
  readonly #rule: RecordingRule;
  readonly #limits: RuleLimits;
  readonly #surroundings: Surroundings;

  constructor(rule: RecordingRule, limits: RuleLimits, surroundings: Surroundings) {
    this.#rule = rule;
    this.#limits = limits;
    this.#surroundings = surroundings;
  }

  async evaluate(timeMs: number): Promise<Result<RuleOutcome, string>> {
    const { limit, queryOffsetMs } = this.#limits;
    const answer = await samplesAt(this.#surroundings.engine, this.#rule.expr, timeMs - queryOffsetMs);
    if (answer.isErr()) return err(answer.error);
    const samples: VectorSample[] = [];
    const seen = new Set<string>();
    for (const sample of answer.value) {
      const labels = this.#renamed(sample.labels);
      samples.push({ ...sample, labels });
      seen.add(keyOf(labels));
    }
    if (seen.size < samples.length) {
      return err('vector contains metrics with the same labelset after applying rule labels');
    }
    if (limit > 0 && samples.length > limit) {
      return err(`exceeded limit of ${limit} with ${samples.length} series`);
    }
    return ok({ samples, alerts: [], problems: [] });
  }

  #renamed(labels: Labels): Labels {
    const renamed = newLabelSet();
    const own = this.#limits.labels;
    renamed.__name__ = this.#rule.record;
    for (const [name, value] of Object.entries(labels)) {
      if (name !== '__name__' && own[name] === undefined) renamed[name] = value;
    }
    for (const [name, value] of Object.entries(own)) if (value !== '') renamed[name] = value;
    return renamed;
  }
}
