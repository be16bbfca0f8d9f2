// A file of rule tests as data, in the form that promtool documents: series that go in, alerts and samples that have to come out.
import type { Labels } from '../../model/label-set.js';
import type { FloatHistogram } from '../../query/histograms/float-histogram.js';
import type { WrittenSeries } from '../../query/notation/series-notation.js';

export interface RuleTestFile {
  /** As written, relative to the file; may have `*`, `?` and `[…]`. */
  readonly ruleFiles: readonly string[];
  readonly intervalSeconds: number;
  /** Groups that are named here are evaluated in this order. */
  readonly groupOrder: readonly string[];
  /** Values may differ in the last bit. */
  readonly isFuzzy: boolean;
  readonly tests: readonly RuleTest[];
}

export interface RuleTest {
  readonly name: string;
  /** From one point of the input to the next. */
  readonly intervalSeconds: number;
  readonly input: readonly WrittenSeries[];
  readonly externalLabels: Labels;
  readonly externalUrl: string;
  readonly alertTests: readonly AlertTest[];
  readonly expressionTests: readonly ExpressionTest[];
}

export interface AlertTest {
  readonly timeMs: number;
  readonly alert: string;
  /** Those that fire, and no others. */
  readonly expected: readonly ExpectedAlert[];
}

export interface ExpectedAlert {
  /** With `alertname`. */
  readonly labels: Labels;
  readonly annotations: Labels;
}

export interface ExpressionTest {
  readonly timeMs: number;
  readonly expr: string;
  readonly expected: readonly ExpectedSample[];
}

export interface ExpectedSample {
  readonly labels: Labels;
  readonly value: number;
  readonly histogram?: FloatHistogram;
}
