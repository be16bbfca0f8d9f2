// What a RuleEvaluator can be told, and what it makes of what it is not told.
import { type Clock, systemClock } from '../../clock.js';
import { type AlertError, MetricDefinitionError, type StorageError } from '../../errors.js';
import { type Labels, newLabelSet } from '../../model/label-set.js';
import type { QueryEngine } from '../../query/query-engine.js';
import type { Notifier } from '../alert.js';
import type { RuleGroup } from '../rules/rule.js';
import type { Appending, Surroundings } from './surroundings.js';

export interface RuleEvaluatorOptions {
  /** Who answers the rules' expressions. */
  readonly engine: QueryEngine;
  /** Rules that are defined in code. */
  readonly groups?: readonly RuleGroup[];
  /** A rule file; it is read again whenever it changes. */
  readonly file?: string;
  /**
   * Where recorded series, `ALERTS` and `ALERTS_FOR_STATE` are written to: the storage that the engine asks, so that rules see
   * what others recorded. Left out: nowhere.
   */
  readonly storage?: Appending;
  /** Who is told of alerts. The evaluator closes them when it is closed. */
  readonly notifiers?: readonly Notifier[];
  /** Added to alerts on their way out, where they have no label of that name. */
  readonly externalLabels?: Labels;
  /** Where the server with `rulesApi` can be reached, and with it `/graph` of the links in alerts. */
  readonly externalUrl?: string;
  /** How often groups are evaluated that do not say. Default 15. */
  readonly intervalSeconds?: number;
  /** How far behind the clock expressions of groups are evaluated that do not say. Default 0. */
  readonly queryOffsetSeconds?: number;
  /** How often notifiers are told again of an alert that goes on firing. Default 60, as in Prometheus. */
  readonly resendDelaySeconds?: number;
  /** How long the process may have been away for alerts to be known again. Default 3600, as in Prometheus. */
  readonly outageToleranceSeconds?: number;
  readonly clock?: Clock;
  /** Hears of rules and templates that failed, of files that cannot be taken, and of notifiers that could not tell. */
  readonly onError?: (error: AlertError | StorageError) => void;
  /** Hears that the file was read again, and of the groups that are in force since. */
  readonly onReload?: (groups: readonly RuleGroup[]) => void;
}

export interface EvaluatorSettings {
  readonly surroundings: Surroundings;
  readonly groups: readonly RuleGroup[];
  readonly file: string | undefined;
  readonly notifiers: readonly Notifier[];
  readonly outageToleranceMs: number;
  readonly clock: Clock;
  readonly onError: (error: AlertError | StorageError) => void;
  readonly onReload: (groups: readonly RuleGroup[]) => void;
}

/** Throws a `MetricDefinitionError` (`invalid_option`) for what makes no sense. */
export function evaluatorSettings(options: RuleEvaluatorOptions): EvaluatorSettings {
  const { intervalSeconds = 15, queryOffsetSeconds = 0, resendDelaySeconds = 60 } = options;
  const { outageToleranceSeconds = 3600, clock = systemClock, externalUrl = '' } = options;
  requireAtLeast('intervalSeconds', intervalSeconds, 0.001);
  for (const [option, value] of Object.entries({ queryOffsetSeconds, resendDelaySeconds, outageToleranceSeconds })) {
    requireAtLeast(option, value, 0);
  }
  return {
    surroundings: {
      engine: options.engine,
      storage: options.storage,
      externalLabels: Object.assign(newLabelSet(), options.externalLabels),
      externalUrl: externalUrl.replace(/\/+$/, ''),
      intervalMs: intervalSeconds * 1000,
      queryOffsetMs: queryOffsetSeconds * 1000,
      resendDelayMs: resendDelaySeconds * 1000,
      monotonic: () => clock.monotonic(),
    },
    groups: options.groups ?? [],
    file: options.file,
    notifiers: options.notifiers ?? [],
    outageToleranceMs: outageToleranceSeconds * 1000,
    clock,
    onError: options.onError ?? (() => undefined),
    onReload: options.onReload ?? (() => undefined),
  };
}

function requireAtLeast(option: string, value: number, least: number): void {
  if (typeof value === 'number' && value >= least && value < Number.POSITIVE_INFINITY) return;
  const rule = `Give a number of ${least} or more.`;
  throw new MetricDefinitionError({ kind: 'invalid_option', option, value: String(value), rule });
}
