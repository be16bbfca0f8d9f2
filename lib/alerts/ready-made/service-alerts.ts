// The alerts that every service wants on its first day, about the metrics that telltale's own instrumentation records. Thresholds
// and metrics are options; what is left out has a default that suits a web service.
import type { Labels } from '../../model/label-set.js';
import { alertRule, ruleGroup } from '../rules/define-rules.js';
import type { AlertingRule, RuleGroup } from '../rules/rule.js';
import {
  checkedExpression,
  checkedNumber,
  checkedSeconds,
  checkedWindow,
  grouping,
  selectorOf,
} from './checked-group.js';
import { memoryLimitBytes } from './memory-limit.js';

/** What every one of them can be told. */
export interface ServiceAlert {
  /** It fires when the value is above this, in the unit that the alert says. */
  readonly above?: number;
  /** For how long that has to be so. */
  readonly forSeconds?: number;
  /** The label of that name. */
  readonly severity?: string;
}

export interface ServiceAlertOptions {
  /** Of the group. Default `service`. */
  readonly name?: string;
  /** Only series with these labels, such as `{ job: 'shop' }`. */
  readonly matching?: Labels;
  /** One alert for each value of these labels. Default `['job']`, which in a single process is one for all. */
  readonly by?: readonly string[];
  /** Over which rates are taken. Default 300. */
  readonly windowSeconds?: number;
  /** How often the group is evaluated; that of the evaluator by default. */
  readonly intervalSeconds?: number;
  /** Put on every alert. */
  readonly labels?: Labels;
  /** Seconds. Default: above 1 for 300 s, warning, of the histogram or summary `http_request_duration_seconds`. `false` leaves it out, as everywhere here. */
  readonly averageResponse?: (ServiceAlert & { readonly metric?: string }) | false;
  /** A share from 0 to 1. Default: above 0.05 for 300 s, critical, of requests that were answered with 500 and above. */
  readonly failures?: (ServiceAlert & { readonly total?: string; readonly failed?: string }) | false;
  /** Sums up what is healthy. Default: the sum of `up` is 0 for 60 s, critical. */
  readonly nothingHealthy?: (Omit<ServiceAlert, 'above'> & { readonly healthy?: string }) | false;
  /** Seconds. Default: above 0.1 for 300 s, warning, of `nodejs_eventloop_lag_p99_seconds`. */
  readonly eventLoopDelay?: (ServiceAlert & { readonly metric?: string }) | false;
  /** A share of `limitBytes`. Default: above 0.9 for 600 s, warning, of `process_resident_memory_bytes` and what this process may use. */
  readonly memory?: (ServiceAlert & { readonly metric?: string; readonly limitBytes?: number }) | false;
}

interface Context {
  readonly matching: Labels;
  readonly by: string;
  readonly window: string;
  readonly labels: Labels;
}

/** What an alert is made of, once its defaults are known. */
interface Making {
  readonly alert: string;
  /** The option that it belongs to. */
  readonly option: string;
  readonly expr: string;
  readonly given: ServiceAlert;
  readonly defaults: { readonly forSeconds: number; readonly severity: string };
  readonly annotations: Labels;
}

/**
 * A group of alerts: `ServiceSlow`, `ServiceFailing`, `NothingHealthy`, `EventLoopDelayed` and `MemoryNearLimit`. Rates without
 * requests are no number, and no alert.
 *
 * @throws MetricDefinitionError `invalid_option` for thresholds, durations and metrics of which no rule can be made.
 *
 * @example
 * const group = serviceAlerts({ averageResponse: { above: 0.3 }, failures: { above: 0.01, severity: 'page' }, memory: false });
 */
export function serviceAlerts(options: ServiceAlertOptions = {}): RuleGroup {
  const { name = 'service', matching = {}, by = ['job'], windowSeconds = 300, intervalSeconds, labels = {} } = options;
  const context = { matching, by: grouping(by), window: checkedWindow('windowSeconds', windowSeconds), labels };
  const makings = [
    averageResponse(options.averageResponse, context),
    failures(options.failures, context),
    nothingHealthy(options.nothingHealthy, context),
    eventLoopDelay(options.eventLoopDelay, context),
    memory(options.memory, context),
  ];
  return ruleGroup({
    name,
    ...(intervalSeconds === undefined ? {} : { intervalSeconds: checkedSeconds('intervalSeconds', intervalSeconds) }),
    rules: makings.flatMap((making) => (making === undefined ? [] : rule(making, context))),
  });
}

function averageResponse(given: ServiceAlertOptions['averageResponse'] = {}, context: Context): Making | undefined {
  if (given === false) return undefined;
  const { metric = 'http_request_duration_seconds', above = 1 } = given;
  const { matching, by, window } = context;
  const rate = (part: string) => `sum${by} (rate(${metric}${part}${selectorOf(matching)}[${window}]))`;
  const option = 'averageResponse';
  return {
    alert: 'ServiceSlow',
    option,
    expr: `${rate('_sum')} / ${rate('_count')} > ${checkedNumber(`${option}.above`, above)}`,
    given,
    defaults: { forSeconds: 300, severity: 'warning' },
    annotations: {
      summary: 'Responses take {{ $value | humanizeDuration }} on average.',
      description: `The average over ${window} is above ${above} s. Look at what the slow routes wait for.`,
    },
  };
}

function failures(given: ServiceAlertOptions['failures'] = {}, context: Context): Making | undefined {
  if (given === false) return undefined;
  const { matching, by, window } = context;
  const requests = 'http_request_duration_seconds_count';
  const { total = `${requests}${selectorOf(matching)}`, above = 0.05 } = given;
  const { failed = `${requests}${selectorOf(matching, 'status_code=~"5.."')}` } = given;
  const rate = (selector: string) => `sum${by} (rate(${selector}[${window}]))`;
  const option = 'failures';
  return {
    alert: 'ServiceFailing',
    option,
    expr: `${rate(failed)} / ${rate(total)} > ${checkedNumber(`${option}.above`, above)}`,
    given,
    defaults: { forSeconds: 300, severity: 'critical' },
    annotations: {
      summary: '{{ $value | humanizePercentage }} of requests fail.',
      description: `More than the share of ${above} failed over ${window}. Look at the log for their errors.`,
    },
  };
}

function nothingHealthy(given: ServiceAlertOptions['nothingHealthy'] = {}, context: Context): Making | undefined {
  if (given === false) return undefined;
  const { healthy = `up${selectorOf(context.matching)}` } = given;
  return {
    alert: 'NothingHealthy',
    option: 'nothingHealthy',
    expr: `sum${context.by} (${healthy}) == 0`,
    given,
    defaults: { forSeconds: 60, severity: 'critical' },
    annotations: {
      summary: 'Nothing is healthy that could serve requests.',
      description: 'Nobody can be served. Look at the last release, the network, and what all of them depend on.',
    },
  };
}

function eventLoopDelay(given: ServiceAlertOptions['eventLoopDelay'] = {}, context: Context): Making | undefined {
  if (given === false) return undefined;
  const { metric = 'nodejs_eventloop_lag_p99_seconds', above = 0.1 } = given;
  const option = 'eventLoopDelay';
  return {
    alert: 'EventLoopDelayed',
    option,
    expr: `${metric}${selectorOf(context.matching)} > ${checkedNumber(`${option}.above`, above)}`,
    given,
    defaults: { forSeconds: 300, severity: 'warning' },
    annotations: {
      summary: 'The event loop is late by {{ $value | humanizeDuration }}.',
      description: `It is later than ${above} s all the time, and every request with it. Look for long computations in a CPU profile.`,
    },
  };
}

function memory(given: ServiceAlertOptions['memory'] = {}, context: Context): Making | undefined {
  if (given === false) return undefined;
  const { metric = 'process_resident_memory_bytes', above = 0.9, limitBytes = memoryLimitBytes() } = given;
  const option = 'memory';
  const limit = checkedNumber(`${option}.limitBytes`, limitBytes);
  return {
    alert: 'MemoryNearLimit',
    option,
    expr: `${metric}${selectorOf(context.matching)} / ${limit} > ${checkedNumber(`${option}.above`, above)}`,
    given,
    defaults: { forSeconds: 600, severity: 'warning' },
    annotations: {
      summary: '{{ $value | humanizePercentage }} of the memory is in use.',
      description: `More than the share of ${above} of ${limit} bytes is in use. Look for what grows in a heap snapshot, or raise the limit.`,
    },
  };
}

function rule({ alert, option, expr, given, defaults, annotations }: Making, { labels }: Context): AlertingRule {
  const { severity = defaults.severity } = given;
  return alertRule({
    alert,
    expr: checkedExpression(option, expr),
    forSeconds: checkedSeconds(`${option}.forSeconds`, given.forSeconds ?? defaults.forSeconds, 0),
    labels: { severity, ...labels },
    annotations,
  });
}
