// Alerts on how fast a service uses up the failures that its objective allows: the multi-window, multi-burn-rate alerts of
// the SRE workbook, with the recording rules that they compare.
import type { Labels } from '../../model/label-set.js';
import { quote } from '../../query/language/strings.js';
import { alertRule, recordingRule, ruleGroup } from '../rules/define-rules.js';
import type { AlertingRule, RecordingRule, RuleGroup } from '../rules/rule.js';
import { type BurnWindow, checkedWindows, defaultWindows } from './burn-windows.js';
import { checkedExpression, checkedSeconds, checkedWindow, grouping, refuseOption } from './checked-group.js';

/** A selector of counters, which is summed up as a rate; or an expression for a window of Prometheus' notation. */
export type SloEvents = string | ((window: string) => string);

export interface SloOptions {
  /** Of what is promised, such as `checkout`: the label `slo` of all its rules. */
  readonly name: string;
  /** The share that has to be good, such as 0.999. */
  readonly objective: number;
  /** All events: `http_request_duration_seconds_count{job="shop"}`. */
  readonly total: SloEvents;
  /** Those of them that were bad: `http_request_duration_seconds_count{job="shop",status_code=~"5.."}`. */
  readonly errors: SloEvents;
  /** One objective for each value of these labels. Default: one for all. */
  readonly by?: readonly string[];
  /** Instead of the workbook's. */
  readonly windows?: readonly BurnWindow[];
  /** How often the group is evaluated; that of the evaluator by default. */
  readonly intervalSeconds?: number;
  /** Put on every alert. */
  readonly labels?: Labels;
  /** Put on every alert, with `summary` and `description` replaced where they are given. */
  readonly annotations?: Labels;
}

/**
 * A group that records `slo:errors:ratio_rate5m`, `…1h` and so on, the share of errors over each window, beside `slo:objective:ratio`
 * and `slo:error_budget:ratio`, and alerts with `ErrorBudgetBurn`: with severity `page` when 2 % of a month's budget are gone in an
 * hour or 5 % in six, `ticket` when 10 % are gone in a day or in three. The short windows end an alert soon after the errors do.
 *
 * The longest window is three days: what stores the samples has to keep them that long, or the rates are those of what it keeps.
 *
 * Source: https://sre.google/workbook/alerting-on-slos/, approach 6.
 *
 * @throws MetricDefinitionError `invalid_option` for an objective that is none, windows that can never fire, or no expressions.
 *
 * @example
 * const requests = 'http_request_duration_seconds_count';
 * const group = slo({ name: 'checkout', objective: 0.999, total: requests, errors: `${requests}{status_code=~"5.."}` });
 */
export function slo(options: SloOptions): RuleGroup {
  const { name, objective, intervalSeconds } = options;
  if (typeof name !== 'string' || name === '') refuseOption('name', String(name), 'Give it a name, such as checkout.');
  if (!(objective > 0 && objective < 1)) {
    refuseOption('objective', String(objective), 'Give the share that has to be good, between 0 and 1, such as 0.999.');
  }
  // Taken from 1 in binary, it has digits that nobody gave.
  const budget = Number((1 - objective).toPrecision(12));
  const windows = checkedWindows(options.windows ?? defaultWindows, budget);
  return ruleGroup({
    name: `slo:${name}`,
    ...(intervalSeconds === undefined ? {} : { intervalSeconds: checkedSeconds('intervalSeconds', intervalSeconds) }),
    rules: [
      recordingRule({ record: 'slo:objective:ratio', expr: `vector(${objective})`, labels: { slo: name } }),
      recordingRule({ record: 'slo:error_budget:ratio', expr: `vector(${budget})`, labels: { slo: name } }),
      ...lengthsOf(windows).map((seconds) => recording(seconds, options)),
      ...severitiesOf(windows).map((severity) => alerting(severity, { windows, budget, options })),
    ],
  });
}

/** Of all windows, the shortest first. */
function lengthsOf(windows: readonly BurnWindow[]): readonly number[] {
  const all = windows.flatMap(({ shortSeconds, longSeconds }) => [shortSeconds, longSeconds]);
  return [...new Set(all)].sort((a, b) => a - b);
}

function severitiesOf(windows: readonly BurnWindow[]): readonly string[] {
  return [...new Set(windows.map(({ severity }) => severity))];
}

function recording(seconds: number, { name, total, errors, by = [] }: SloOptions): RecordingRule {
  const window = checkedWindow('windows', seconds);
  const sum = (events: SloEvents) =>
    `sum${grouping(by)} (${typeof events === 'string' ? `rate(${events}[${window}])` : events(window)})`;
  const all = checkedExpression('total', sum(total));
  const bad = checkedExpression('errors', sum(errors));
  // Without a single error yet there is no series of errors: that is a share of 0, and no gap.
  return {
    kind: 'recording',
    record: ratioName(seconds),
    expr: `(${bad} or 0 * ${all}) / ${all}`,
    labels: { slo: name },
  };
}

function ratioName(seconds: number): string {
  return `slo:errors:ratio_rate${checkedWindow('windows', seconds)}`;
}

interface Alerting {
  readonly windows: readonly BurnWindow[];
  readonly budget: number;
  readonly options: SloOptions;
}

function alerting(severity: string, { windows, budget, options }: Alerting): AlertingRule {
  const { name, labels = {}, annotations = {} } = options;
  const over = (seconds: number, burnRate: number) =>
    `${ratioName(seconds)}{slo=${quote(name)}} > ${burnRate} * ${budget}`;
  const cases = windows
    .filter((window) => window.severity === severity)
    .map(
      ({ longSeconds, shortSeconds, burnRate }) =>
        `(${over(longSeconds, burnRate)} and ${over(shortSeconds, burnRate)})`,
    );
  return alertRule({
    alert: 'ErrorBudgetBurn',
    expr: checkedExpression('name', cases.join(' or ')),
    labels: { severity, ...labels },
    annotations: {
      summary: '{{ $labels.slo }} uses up its error budget too fast: {{ $value | humanizePercentage }} are errors.',
      description: `Its objective of ${options.objective} allows a share of ${budget}. Look at what changed when the errors began.`,
      ...annotations,
    },
  });
}
