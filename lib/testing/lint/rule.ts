// What a lint rule is: it looks at one metric and says what is wrong with it, and why that matters.
import type { MetricFamily } from '../../model/family.js';

export interface LintedMetric {
  readonly family: MetricFamily;
  readonly name: string;
  /** Of all its series. */
  readonly labelNames: readonly string[];
  readonly seriesCount: number;
}

export interface LintRule {
  /** By which a finding is known, and left out. */
  readonly name: string;
  /** Why it is a rule. */
  readonly reason: string;
  /** What is wrong and what would be right, as a sentence; undefined when nothing is. */
  check(metric: LintedMetric): string | undefined;
}

/** Words of a name: `http_request_duration_seconds` has four. */
export function wordsOf(name: string): readonly string[] {
  return name.split('_');
}
