// `/api/v1/rules` and `/api/v1/alerts` as Prometheus answers them, so that whatever shows a Prometheus' alerts shows these. They
// stand beside the query API under its path, and neither knows of the other: the longer path is answered here.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Route } from '../../http/index.js';
import type { Labels } from '../../model/label-set.js';
import { numberText } from '../../query/http-api/answer-json.js';
import type { Alert } from '../alert.js';
import type { RuleEvaluator } from '../rule-evaluator.js';
import { nameOf, type RuleGroup } from '../rules/rule.js';
import { AlertingEvaluation } from './alerting-evaluation.js';
import { graphRoute } from './graph-route.js';
import type { EvaluatedRule } from './group-evaluation.js';
import type { GroupTurns } from './group-turns.js';

export interface RulesApiOptions {
  /** Where the query API is mounted. Default: /api/v1. */
  readonly path?: string;
  /** Where the dashboard is mounted, to which `/graph` leads. Default: /dashboard. */
  readonly dashboard?: string;
}

/** What a request may ask for; an empty set asks for everything. */
interface Wanted {
  readonly type: string;
  readonly groups: ReadonlySet<string>;
  readonly files: ReadonlySet<string>;
  readonly rules: ReadonlySet<string>;
  readonly withoutAlerts: boolean;
}

/**
 * Answers `rules` (with `type`, `rule_name[]`, `rule_group[]`, `file[]` and `exclude_alerts`) and `alerts`; and `/graph`, which the
 * alerts link to, with the place on the dashboard where their expression is shown.
 *
 * Source: https://prometheus.io/docs/prometheus/latest/querying/api/#rules
 *
 * @example
 * await startMetricsServer(metrics, { routes: [queryApi(engine), ...rulesApi(evaluator)] });
 * // curl http://127.0.0.1:9464/api/v1/alerts
 * // {"status":"success","data":{"alerts":[]}}
 */
export function rulesApi(evaluator: RuleEvaluator, options: RulesApiOptions = {}): readonly Route[] {
  const { path = '/api/v1', dashboard = '/dashboard' } = options;
  const under = path.replace(/\/+$/, '');
  return [
    {
      path: `${under}/rules`,
      handle: (request, response) => answer(request, response, (asked) => rulesData(evaluator, asked)),
    },
    {
      path: `${under}/alerts`,
      handle: (request, response) => answer(request, response, () => ({ alerts: evaluator.alerts.map(alertJson) })),
    },
    graphRoute(dashboard),
  ];
}

/** @param dataFor - Throws nothing; a sentence is what is wrong with the request. */
function answer(
  request: IncomingMessage,
  response: ServerResponse,
  dataFor: (asked: URLSearchParams) => object | string,
): void {
  const headers = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' };
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    const body = { status: 'error', errorType: 'bad_data', error: 'rules and alerts are read with GET' };
    response.writeHead(405, { ...headers, Allow: 'GET, HEAD' }).end(JSON.stringify(body));
    return;
  }
  const url = request.url ?? '';
  const data = dataFor(new URLSearchParams(url.includes('?') ? url.slice(url.indexOf('?')) : ''));
  const isRefused = typeof data === 'string';
  const body = isRefused ? { status: 'error', errorType: 'bad_data', error: data } : { status: 'success', data };
  const text = JSON.stringify(body);
  response.writeHead(isRefused ? 400 : 200, headers).end(request.method === 'HEAD' ? undefined : text);
}

function rulesData(evaluator: RuleEvaluator, asked: URLSearchParams): object | string {
  const type = (asked.get('type') ?? '').toLowerCase();
  if (!['', 'alert', 'record'].includes(type))
    return `invalid parameter "type": not supported value ${JSON.stringify(type)}`;
  const exclude = asked.get('exclude_alerts') ?? '';
  if (!/^(?:|1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/.test(exclude)) {
    return `invalid parameter "exclude_alerts": error converting exclude_alerts: invalid syntax`;
  }
  const listed = (name: string) => new Set(asked.getAll(`${name}[]`));
  const wanted: Wanted = {
    type,
    groups: listed('rule_group'),
    files: listed('file'),
    rules: listed('rule_name'),
    withoutAlerts: /^[1tT]/.test(exclude),
  };
  const groups = evaluator.groups
    .filter(({ evaluation: { group } }) => {
      return isWanted(wanted.groups, group.name) && isWanted(wanted.files, group.file ?? '');
    })
    .sort((a, b) => compareGroups(a.evaluation.group, b.evaluation.group));
  return {
    groups: groups.map((turns) => groupJson(turns, wanted)).filter(({ rules }) => rules.length > 0),
  };
}

/** By file, then by name. */
function compareGroups(a: RuleGroup, b: RuleGroup): number {
  return compareTexts(a.file ?? '', b.file ?? '') || compareTexts(a.name, b.name);
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function isWanted(names: ReadonlySet<string>, name: string): boolean {
  return names.size === 0 || names.has(name);
}

function groupJson({ evaluation }: GroupTurns, wanted: Wanted) {
  const { group, intervalMs, lastEvaluationMs, evaluationSeconds } = evaluation;
  const rules = evaluation.rules.filter(({ rule }) => {
    const isOfType = wanted.type === '' || (wanted.type === 'alert') === (rule.kind === 'alerting');
    return isOfType && isWanted(wanted.rules, nameOf(rule));
  });
  return {
    name: group.name,
    file: group.file ?? '',
    rules: rules.map((rule) => ruleJson(rule, wanted.withoutAlerts)),
    interval: intervalMs / 1000,
    limit: group.limit,
    evaluationTime: evaluationSeconds,
    lastEvaluation: timeText(lastEvaluationMs),
  };
}

function ruleJson({ rule, query, labels, evaluation, health }: EvaluatedRule, withoutAlerts: boolean) {
  const common = {
    name: nameOf(rule),
    query,
    health: health.health,
    ...(health.lastError !== '' && { lastError: health.lastError }),
    evaluationTime: health.evaluationSeconds,
    lastEvaluation: timeText(health.lastEvaluationMs),
  };
  if (rule.kind === 'recording' || !(evaluation instanceof AlertingEvaluation)) {
    return { ...common, ...(Object.keys(labels).length > 0 && { labels: sorted(labels) }), type: 'recording' };
  }
  const { alerts } = evaluation;
  const state = ['firing', 'pending'].find((each) => alerts.some((alert) => alert.state === each)) ?? 'inactive';
  return {
    state,
    ...common,
    labels: sorted(labels),
    duration: rule.forSeconds,
    keepFiringFor: rule.keepFiringForSeconds,
    annotations: sorted(rule.annotations),
    alerts: withoutAlerts ? null : alerts.map(alertJson),
    type: 'alerting',
  };
}

function alertJson({ labels, annotations, state, activeAtMs, keepFiringSinceMs, value }: Alert) {
  return {
    labels: sorted(labels),
    annotations: sorted(annotations),
    state,
    activeAt: timeText(activeAtMs),
    ...(keepFiringSinceMs !== undefined && { keepFiringSince: timeText(keepFiringSinceMs) }),
    value: exponentText(value),
  };
}

function sorted(labels: Labels): object {
  return Object.fromEntries(
    Object.keys(labels)
      .sort()
      .map((name) => [name, labels[name]]),
  );
}

/** Go's zero time means never. */
function timeText(timeMs: number): string {
  return timeMs === 0 ? '0001-01-01T00:00:00Z' : new Date(timeMs).toISOString().replace('.000Z', 'Z');
}

/** With an exponent always, as Prometheus writes the values of alerts: 9e+00. */
function exponentText(value: number): string {
  if (!Number.isFinite(value)) return numberText(value);
  return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
}
