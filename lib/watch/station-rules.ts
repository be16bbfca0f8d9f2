// Rules on what a station has: who evaluates them, and who hears of alerts.
import { ok, type Result } from 'neverthrow';
import { alertmanagerNotifier } from '../alerts/notifiers/alertmanager-notifier.js';
import { logNotifier } from '../alerts/notifiers/log-notifier.js';
import type { RecordedHistory } from '../alerts/recorded/recorded-history.js';
import { RuleEvaluator } from '../alerts/rule-evaluator.js';
import type { RuleGroup } from '../alerts/rules/rule.js';
import type { Clock } from '../clock.js';
import { type AlertError, describe, type StorageError } from '../errors.js';
import type { QueryEngine } from '../query/query-engine.js';
import type { StationNews } from './station-news.js';

export interface StationRules {
  /** Left out: there are no rules. */
  readonly file: string | undefined;
  readonly alertmanagerUrls: readonly string[];
  readonly intervalSeconds: number;
  /** Of the station; empty where that is not known before it listens. */
  readonly externalUrl: string;
  readonly clock: Clock;
  readonly engine: QueryEngine;
  readonly recorded: RecordedHistory;
  readonly news: StationNews;
}

/** What is the same trouble: that of one rule, or of one receiver. */
function troubleOf(error: AlertError | StorageError): string {
  const { kind, rule, target } = error as { readonly kind: string; readonly rule?: string; readonly target?: string };
  return JSON.stringify([kind, rule, target]);
}

/**
 * @returns `invalid_rules` and `rules_unreadable`.
 * @throws MetricDefinitionError for addresses of Alertmanagers that make no sense.
 */
export async function openRules(rules: StationRules): Promise<Result<RuleEvaluator | undefined, AlertError>> {
  const { file, alertmanagerUrls, intervalSeconds, externalUrl, clock, engine, recorded, news } = rules;
  if (file === undefined) return ok(undefined);
  const onError = (error: AlertError | StorageError) => {
    // A file is told of once for each of its texts, good or bad: whoever corrects it wants to know.
    if (error.kind === 'invalid_rules' || error.kind === 'rules_unreadable') news.tell(describe(error));
    else news.tellOnce(troubleOf(error), describe(error));
  };
  const onReload = (groups: readonly RuleGroup[]) => {
    const count = groups.reduce((sum, group) => sum + group.rules.length, 0);
    news.tell(`The rules in ${file} were read again: ${count === 1 ? '1 rule is' : `${count} rules are`} in force.`);
  };
  const tell = (message: string) => news.tell(message);
  const options = { evaluationIntervalSeconds: intervalSeconds, onError, clock };
  return RuleEvaluator.open({
    engine,
    file,
    storage: recorded,
    intervalSeconds,
    externalUrl,
    clock,
    onError,
    onReload,
    notifiers: [
      logNotifier({ info: tell, warn: tell, error: tell }, { clock }),
      ...(alertmanagerUrls.length === 0 ? [] : [alertmanagerNotifier({ urls: alertmanagerUrls, ...options })]),
    ],
  });
}
