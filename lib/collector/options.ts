// What a collector can be told when it is made, with the checks that run then.
import type { Clock } from '../clock.js';
import { MetricDefinitionError, type MetricsError } from '../errors.js';
import { checkLabelNames, checkNumber, checkSeconds, OVERFLOW_LABEL } from '../instruments/definition.js';
import { type Labels, labelText } from '../instruments/labels.js';
import { SpanLooks } from '../instruments/span-looks.js';
import { isMetricName, metricNameRule, type NameRule } from '../model/names.js';
import type { MetricsStorage } from '../model/storage.js';
import { EXIT_EVENTS, type ExitEvent } from './exit-hooks.js';

/** The collector's own metrics, to which prefix and limits do not apply. */
export const OWN_PREFIX = 'telltale_';

export interface CollectorOptions {
  /** Where `collectAndStore` writes. Default: a `MemoryStorage` of an hour. */
  readonly storage?: MetricsStorage;
  /**
   * Which names metrics and labels may have: `classic` ones, of letters, digits and underscores, which every reader takes; or
   * any text in `utf8`, as in `http.server.duration`, which readers get escaped unless they ask for it as it is. Such a name
   * has at most 1024 characters, and no U+0000. Default: `classic`.
   */
  readonly names?: NameRule;
  /** Put before every name as it is, so end it in an underscore. */
  readonly prefix?: string;
  /** Labels that every series carries; a label given on the instrument wins. */
  readonly defaultLabels?: Labels;
  readonly limits?: {
    /** Beyond this, new label sets go to one series labelled `otel_metric_overflow="true"`. Default: 2000. */
    readonly maxSeriesPerMetric?: number;
    /** Longer values are refused. Default: 1024 characters. */
    readonly maxLabelValueLength?: number;
  };
  /**
   * Hears of what goes wrong, at most once a second per kind; of each source that fails and each name that is taken by itself.
   * What it throws is dropped.
   */
  readonly onError?: (error: MetricsError) => void;
  readonly clock?: Clock;
  /** Recording errors throw: for tests. Default: false. */
  readonly strict?: boolean;
  /**
   * Whether counters and histograms take exemplars from the active span of `@opentelemetry/api`, where it is sampled: at most
   * one per bucket in `minIntervalSeconds`, by default 1. Exemplars given with a recording work in any case. Default: false.
   */
  readonly exemplars?: boolean | { readonly minIntervalSeconds?: number };
  /** How long a `collect` callback may take. Default: 5 seconds. */
  readonly collectTimeoutSeconds?: number;
  /** How long a write to the storage may take. Default: 60 seconds. */
  readonly storageTimeoutSeconds?: number;
}

export interface CollectingOptions {
  /** Default 15, at most a day. */
  readonly intervalSeconds?: number;
  /** When to store once more and close the storage. Default: never. */
  readonly flushOn?: readonly ExitEvent[];
}

export interface Limits {
  readonly maxSeriesPerMetric: number;
  readonly maxLabelValueLength: number;
}

const DEFAULT_MAX_SERIES = 2000;
const DEFAULT_MAX_LABEL_LENGTH = 1024;
/** No scraper comes more often, so that each finds an exemplar of its own interval. */
const DEFAULT_EXEMPLAR_SECONDS = 1;

/** @throws MetricDefinitionError `invalid_option` */
export function limitsOf(options: CollectorOptions): Limits {
  const limits = options.limits ?? {};
  const atLeastOne = (value: number) => value >= 1 && (Number.isInteger(value) || value === Number.POSITIVE_INFINITY);
  const { maxSeriesPerMetric = DEFAULT_MAX_SERIES, maxLabelValueLength = DEFAULT_MAX_LABEL_LENGTH } = limits;
  const rule = 'Give a whole number of at least 1.';
  checkNumber('limits.maxSeriesPerMetric', maxSeriesPerMetric, rule, atLeastOne);
  checkNumber('limits.maxLabelValueLength', maxLabelValueLength, rule, atLeastOne);
  return { maxSeriesPerMetric, maxLabelValueLength };
}

/** @throws MetricDefinitionError `invalid_option` */
export function spansOf({ exemplars = false }: CollectorOptions, clock: Clock): SpanLooks | undefined {
  const isOptions = typeof exemplars === 'object' && exemplars !== null;
  if (!isOptions && typeof exemplars !== 'boolean') {
    const rule = 'Give true, false or { minIntervalSeconds }.';
    throw new MetricDefinitionError({ kind: 'invalid_option', option: 'exemplars', value: String(exemplars), rule });
  }
  const { minIntervalSeconds = DEFAULT_EXEMPLAR_SECONDS } = isOptions ? exemplars : {};
  const rule = 'Give seconds, at least 0 and at most a day.';
  const fits = (seconds: number) => seconds >= 0 && seconds <= 86_400;
  checkNumber('exemplars.minIntervalSeconds', minIntervalSeconds, rule, fits);
  return exemplars === false ? undefined : new SpanLooks(clock, minIntervalSeconds);
}

/** @throws MetricDefinitionError `invalid_label_name`, `reserved_label`, `invalid_option` */
export function defaultLabelsOf(options: CollectorOptions, limits: Limits): ReadonlyMap<string, string> {
  const { defaultLabels = {}, names = 'classic' } = options;
  checkLabelNames('defaultLabels', Object.keys(defaultLabels), { names, reserved: ['le', 'quantile', OVERFLOW_LABEL] });
  return new Map(
    Object.entries(defaultLabels).map(([name, value]) => {
      checkFixedValue(name, value, limits.maxLabelValueLength);
      return [name, labelText(value)];
    }),
  );
}

/** Checks a label value that is given at definition time. */
export function checkFixedValue(label: string, value: unknown, maxLength: number): void {
  const text = typeof value === 'string' && value.length <= maxLength;
  if (text || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) return;
  const shown = typeof value === 'string' ? `${value.length} characters` : `a value of type ${typeof value}`;
  const rule = `Label values are strings of at most ${maxLength} characters, finite numbers or booleans.`;
  throw new MetricDefinitionError({ kind: 'invalid_option', option: `label ${label}`, value: shown, rule });
}

/** @throws MetricDefinitionError `invalid_option` */
export function collectingOptions({
  intervalSeconds = 15,
  flushOn = [],
}: CollectingOptions): Required<CollectingOptions> {
  checkSeconds('intervalSeconds', intervalSeconds);
  const unknown = Array.isArray(flushOn) ? flushOn.find((event) => !EXIT_EVENTS.includes(event)) : flushOn;
  if (unknown !== undefined) {
    const rule = `Give an array of ${EXIT_EVENTS.join(', ')}.`;
    throw new MetricDefinitionError({ kind: 'invalid_option', option: 'flushOn', value: String(unknown), rule });
  }
  return { intervalSeconds, flushOn };
}

/** @throws MetricDefinitionError `invalid_option` */
export function nameRuleOf({ names = 'classic' }: CollectorOptions): NameRule {
  if (names === 'classic' || names === 'utf8') return names;
  const rule = "Give 'classic' or 'utf8'.";
  throw new MetricDefinitionError({ kind: 'invalid_option', option: 'names', value: String(names), rule });
}

/** @throws MetricDefinitionError `invalid_metric_name` */
export function prefixOf({ prefix = '', names = 'classic' }: CollectorOptions): string {
  if (typeof prefix === 'string' && (prefix === '' || isMetricName(prefix, names))) return prefix;
  throw new MetricDefinitionError({
    kind: 'invalid_metric_name',
    metric: String(prefix),
    rule: metricNameRule(names),
  });
}
