// Evaluates an alerting rule: an alert for each series that its expression answers, from pending through firing to resolved.
import { err, ok, type Result } from 'neverthrow';
import { type Labels, newLabelSet } from '../../model/label-set.js';
import { keyOf } from '../../query/values/label-sets.js';
import type { VectorSample } from '../../query/values/query-result.js';
import type { Alert } from '../alert.js';
import type { AlertingRule } from '../rules/rule.js';
import { expandTemplate, type TemplateData } from '../templates/expand-template.js';
import { ActiveAlert, type Found, type Hold } from './active-alert.js';
import type { RuleLimits } from './recording-evaluation.js';
import type { RuleEvaluation, RuleOutcome } from './rule-evaluation.js';
import { samplesAt } from './rule-query.js';
import type { Surroundings } from './surroundings.js';

/** Since when an alert is active, where somebody remembers from before a restart. */
export type Remembered = (labels: Labels, timeMs: number) => number | undefined;

const MS_PER_SECOND = 1000;

export class AlertingEvaluation implements RuleEvaluation {
  readonly #rule: AlertingRule;
  readonly #limits: RuleLimits;
  readonly #surroundings: Surroundings;
  readonly #hold: Hold;
  #active = new Map<string, ActiveAlert>();
  /** Set for the first evaluations after a start. */
  remembered: Remembered | undefined;

  constructor(rule: AlertingRule, limits: RuleLimits, surroundings: Surroundings) {
    this.#rule = rule;
    this.#limits = limits;
    this.#surroundings = surroundings;
    const { forSeconds, keepFiringForSeconds } = rule;
    this.#hold = { forMs: forSeconds * MS_PER_SECOND, keepFiringForMs: keepFiringForSeconds * MS_PER_SECOND };
  }

  /** Those that are pending or fire. */
  get alerts(): readonly Alert[] {
    return [...this.#active.values()].map((alert) => alert.view());
  }

  /** Goes on with what another evaluation of the same rule knew. */
  adopt(other: AlertingEvaluation): void {
    this.#active = new Map(other.#active);
  }

  /** All alerts as resolved, for when their rule is no more; only those that notifiers know of. */
  resolveAll(timeMs: number): readonly Alert[] {
    const fired = [...this.#active.values()].filter(({ state }) => state === 'firing');
    this.#active.clear();
    for (const alert of fired) alert.miss(timeMs, { forMs: 0, keepFiringForMs: 0 });
    return fired.map((alert) => alert.view());
  }

  async evaluate(timeMs: number): Promise<Result<RuleOutcome, string>> {
    const { limit, queryOffsetMs } = this.#limits;
    const answer = await samplesAt(this.#surroundings.engine, this.#rule.expr, timeMs - queryOffsetMs);
    if (answer.isErr()) return err(answer.error);
    const problems: string[] = [];
    const found = new Map<string, Found>();
    for (const sample of answer.value) {
      const one = await this.#found(sample, timeMs, problems);
      const key = keyOf(one.labels);
      if (found.has(key)) return err('vector contains metrics with the same labelset after applying alert labels');
      found.set(key, one);
    }
    const resolved = this.#goOn(found, timeMs);
    if (limit > 0 && this.#active.size > limit) {
      const count = this.#active.size;
      this.#active.clear();
      return err(`exceeded limit of ${limit} with ${count} alerts`);
    }
    const active = [...this.#active.values()];
    const samples = active.flatMap((alert) => samplesOf(this.#rule.alert, alert));
    return ok({ samples, alerts: this.#toTell([...active, ...resolved], timeMs), problems });
  }

  /** Answers those that are resolved by what was found, or by what was not. */
  #goOn(found: ReadonlyMap<string, Found>, timeMs: number): readonly ActiveAlert[] {
    for (const [key, one] of found) {
      const known = this.#active.get(key);
      if (known === undefined) this.#active.set(key, new ActiveAlert(one, this.#activeSince(one.labels, timeMs)));
      else known.found(one);
    }
    const resolved: ActiveAlert[] = [];
    for (const [key, alert] of this.#active) {
      if (found.has(key)) {
        alert.hold(timeMs, this.#hold);
        continue;
      }
      alert.miss(timeMs, this.#hold);
      if (alert.state !== 'resolved') continue;
      this.#active.delete(key);
      resolved.push(alert);
    }
    return resolved;
  }

  #activeSince(labels: Labels, timeMs: number): number {
    return this.remembered?.(labels, timeMs) ?? timeMs;
  }

  #toTell(alerts: readonly ActiveAlert[], timeMs: number): readonly Alert[] {
    const { resendDelayMs } = this.#surroundings;
    const due = alerts.filter((alert) => alert.isDueToTell(timeMs, resendDelayMs));
    for (const alert of due) alert.told(timeMs);
    return due.map((alert) => alert.view());
  }

  async #found(sample: VectorSample, timeMs: number, problems: string[]): Promise<Found> {
    const data = this.#templateData(sample, timeMs);
    const labels = newLabelSet();
    const own = this.#limits.labels;
    for (const [name, value] of Object.entries(sample.labels)) {
      if (name !== '__name__' && own[name] === undefined) labels[name] = value;
    }
    for (const [name, text] of Object.entries(own)) {
      const value = await expanded(text, data, problems);
      if (value !== '') labels[name] = value;
    }
    labels.alertname = this.#rule.alert;
    const annotations = newLabelSet();
    for (const [name, text] of Object.entries(this.#rule.annotations)) {
      // Unlike a label, an annotation that says nothing is there all the same.
      annotations[name] = await expanded(text, data, problems);
    }
    return { labels, annotations, value: sample.histogram === undefined ? sample.value : 0 };
  }

  #templateData({ labels, value, histogram }: VectorSample, timeMs: number): TemplateData {
    const { engine, externalLabels, externalUrl } = this.#surroundings;
    return {
      name: `__alert_${this.#rule.alert}`,
      labels,
      value: histogram ?? value,
      externalLabels,
      externalUrl,
      query: (expr) => samplesAt(engine, expr, timeMs),
    };
  }
}

async function expanded(text: string, data: TemplateData, problems: string[]): Promise<string> {
  if (!text.includes('{{')) return text;
  const answer = await expandTemplate(text, data);
  if (answer.isOk()) return answer.value;
  problems.push(answer.error);
  return `<error expanding template: ${answer.error}>`;
}

/** `ALERTS` says which state it is in, `ALERTS_FOR_STATE` since when it is active, in seconds: restarts read it. */
function samplesOf(name: string, alert: ActiveAlert): readonly VectorSample[] {
  const named = (metric: string, more: Labels = {}) =>
    Object.assign(newLabelSet(), alert.labels, { alertname: name, __name__: metric }, more);
  const seconds = Math.floor(alert.activeAtMs / MS_PER_SECOND);
  return [
    { labels: named('ALERTS', { alertstate: alert.state }), value: 1 },
    { labels: named('ALERTS_FOR_STATE'), value: seconds },
  ];
}
