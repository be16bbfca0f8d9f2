// All rules over all metrics of a collector. A rule is a file beside this one; a new one is entered in the list below.
import type { MetricsCollector } from '../../collector.js';
import type { MetricFamily } from '../../model/family.js';
import { baseUnit } from './base-unit.js';
import { boundedLabels } from './bounded-labels.js';
import { counterTotal } from './counter-total.js';
import { described } from './described.js';
import { labelInName } from './label-in-name.js';
import { reservedName } from './reserved-name.js';
import type { LintedMetric, LintRule } from './rule.js';
import { snakeCase } from './snake-case.js';
import { typeInName } from './type-in-name.js';
import { typed } from './typed.js';
import { unitSuffix } from './unit-suffix.js';

const RULES: readonly LintRule[] = [
  counterTotal,
  baseUnit,
  unitSuffix,
  described,
  typed,
  snakeCase,
  typeInName,
  labelInName,
  reservedName,
  boundedLabels,
];

export interface LintFinding {
  readonly metric: string;
  readonly rule: string;
  /** What is wrong and what would be right. */
  readonly problem: string;
  /** Why it matters. */
  readonly reason: string;
}

export interface LintOptions {
  /** Rules that do not apply here, by their names. */
  readonly except?: readonly string[];
}

/**
 * Holds the names, labels and descriptions of all metrics against the conventions of Prometheus. Metrics without series are not
 * seen, so that it is best called at the end of a test that has used them.
 *
 * Source: https://prometheus.io/docs/practices/naming/
 *
 * @example
 * expect(await lintMetrics(metrics)).toEqual([]);
 */
export async function lintMetrics(
  metrics: MetricsCollector,
  options: LintOptions = {},
): Promise<readonly LintFinding[]> {
  return lintFamilies(await metrics.collect(), options);
}

/**
 * The same for metrics that come from elsewhere, such as the page of another program.
 *
 * @throws RangeError for a rule in `except` that there is not.
 *
 * @example
 * const page = await parseExposition('# TYPE jobs counter\njobs 3\n', { format: 'prometheus' });
 * for (const { problem } of lintFamilies(page._unsafeUnwrap().families)) console.log(problem);
 * // Call the counter jobs_total.
 * // Give jobs a description.
 */
export function lintFamilies(
  families: readonly MetricFamily[],
  { except = [] }: LintOptions = {},
): readonly LintFinding[] {
  const unknown = except.find((name) => !RULES.some((rule) => rule.name === name));
  if (unknown !== undefined)
    throw new RangeError(`There is no rule "${unknown}". There are ${RULES.map(({ name }) => name).join(', ')}.`);
  const rules = RULES.filter(({ name }) => !except.includes(name));
  const findings = new Map<string, LintFinding>();
  for (const metric of families.map(metricOf)) {
    if (metric.seriesCount === 0) continue;
    for (const { name: rule, reason, check } of rules) {
      const problem = check(metric);
      // Series of other bounds are a family of their own, with the same name.
      if (problem !== undefined) findings.set(problem, { metric: metric.name, rule, problem, reason });
    }
  }
  return [...findings.values()];
}

function metricOf(family: MetricFamily): LintedMetric {
  const labelNames = new Set<string>();
  let seriesCount = 0;
  for (const { size, live, dictionaries, constantLabels } of family.blocks()) {
    seriesCount += live === undefined ? size : live.subarray(0, size).reduce((sum, one) => sum + one, 0);
    for (const { name } of dictionaries) labelNames.add(name);
    for (const [name] of constantLabels) labelNames.add(name);
  }
  return { family, name: family.descriptor.name, labelNames: [...labelNames], seriesCount };
}
