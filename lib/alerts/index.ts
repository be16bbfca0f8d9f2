// The entry point `telltale/alerts`: rules as Prometheus has them, evaluated in the process, and those who are told.
export type { PushAuth, PushTls } from '../../storage/delivery/http-options.js';
export type { AlertError } from '../errors.js';
export type { Alert, AlertState, Notifier } from './alert.js';
export type { RuleEvaluatorOptions } from './evaluation/evaluator-options.js';
export { type RulesApiOptions, rulesApi } from './evaluation/rules-api.js';
export type { Appending } from './evaluation/surroundings.js';
export { type AlertmanagerOptions, alertmanagerNotifier } from './notifiers/alertmanager-notifier.js';
export { type CallbackOptions, callbackNotifier } from './notifiers/callback-notifier.js';
export { type AlertLogger, logNotifier } from './notifiers/log-notifier.js';
export type { NotifierOptions } from './notifiers/notifier-options.js';
export type { WebhookAlert, WebhookMessage } from './notifiers/webhook-message.js';
export { type WebhookOptions, webhookNotifier } from './notifiers/webhook-notifier.js';
export type { BurnWindow } from './ready-made/burn-windows.js';
export { type ServiceAlert, type ServiceAlertOptions, serviceAlerts } from './ready-made/service-alerts.js';
export { type SloEvents, type SloOptions, slo } from './ready-made/slo.js';
export type { RecordedHistory } from './recorded/recorded-history.js';
export { type RecordedOptions, recordedIn } from './recorded/recorded-in.js';
export { RuleEvaluator } from './rule-evaluator.js';
export {
  type RuleTestFailure,
  type RuleTestReport,
  refusalText,
  reportText,
  runRuleTests,
} from './rule-tests/run-rule-tests.js';
export type { TestStorage } from './rule-tests/test-input.js';
export {
  type AlertRuleOptions,
  alertRule,
  type RecordingRuleOptions,
  type RuleGroupOptions,
  recordingRule,
  ruleGroup,
} from './rules/define-rules.js';
export { duration, type Named, type PromqlPart, type PromqlText, promql } from './rules/promql.js';
export { readRuleFile } from './rules/read-rule-file.js';
export type { AlertingRule, RecordingRule, Rule, RuleGroup } from './rules/rule.js';
export { toRuleFile } from './rules/to-rule-file.js';
