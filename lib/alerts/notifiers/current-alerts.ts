// What a notifier remembers: of each alert its present state and no history, so that a target which was away for an hour hears
// what is the case now. Bounded in number, and apart from sending because several targets share it.
import type { Labels } from '../../model/label-set.js';
import type { Alert } from '../alert.js';

export interface CurrentAlertsOptions {
  /** How many it remembers at most. */
  readonly maxAlerts: number;
  /** For how long targets may believe an alert that says nothing about that itself. */
  readonly validSeconds: number;
}

export interface HeldAlert {
  readonly alert: Alert;
  /** Until when a target may believe that it fires, unless told again. */
  readonly validUntilMs: number;
  readonly toldAtMs: number;
}

/** What a telling came to, by the keys of alerts. */
export interface Taken {
  /** All of it that is remembered now. */
  readonly told: readonly string[];
  /** Those that began to fire with it, or ended. */
  readonly changed: readonly string[];
  /** How many found no room. */
  readonly dropped: number;
}

/** As long as Prometheus goes on telling of an alert that has ended. */
const RESOLVED_KEPT_MS = 15 * 60_000;
/**
 * Who evaluates also tells of ends, those of rules that are gone included: what is silent for so long was forgotten. Not earlier,
 * because after the sleep of a machine all are silent until their turn comes.
 */
const STALE_MS = 86_400_000;

export class CurrentAlerts {
  readonly #held = new Map<string, HeldAlert>();
  readonly #maxAlerts: number;
  readonly #validMs: number;

  constructor({ maxAlerts, validSeconds }: CurrentAlertsOptions) {
    this.#maxAlerts = maxAlerts;
    this.#validMs = validSeconds * 1000;
  }

  /** Remembers what is told, forgets what ended long ago, and takes for ended what nobody tells of any more. */
  take(alerts: readonly Alert[], nowMs: number): Taken {
    const told: string[] = [];
    const changed: string[] = [];
    let dropped = 0;
    let hasSwept = false;
    for (const alert of alerts) {
      if (alert.state !== 'firing' && !isRecent(alert, nowMs)) continue;
      const key = alertKey(alert.labels);
      const before = this.#held.get(key)?.alert;
      if (before === undefined && this.#isFull && !hasSwept) {
        this.#forgetResolved();
        hasSwept = true;
      }
      if (before === undefined && this.#isFull) {
        dropped++;
        continue;
      }
      const dated = alert.state === 'resolved' ? { resolvedAtMs: nowMs, ...alert } : alert;
      this.#held.set(key, { alert: dated, validUntilMs: this.#validUntil(alert, nowMs), toldAtMs: nowMs });
      told.push(key);
      if (before?.state !== alert.state || before.firedAtMs !== alert.firedAtMs) changed.push(key);
    }
    const ended = this.#endStale(nowMs);
    return { told: [...told, ...ended], changed: [...changed, ...ended], dropped };
  }

  get(key: string): HeldAlert | undefined {
    return this.#held.get(key);
  }

  /** The keys of those that fire, or of those that have ended. */
  keys(state: 'firing' | 'resolved'): string[] {
    const keys: string[] = [];
    for (const [key, { alert }] of this.#held) if (alert.state === state) keys.push(key);
    return keys;
  }

  get #isFull(): boolean {
    return this.#held.size >= this.#maxAlerts;
  }

  /** One that is told late, after a pause, is what somebody says now all the same. */
  #validUntil({ validUntilMs = 0 }: Alert, nowMs: number): number {
    return validUntilMs > nowMs ? validUntilMs : nowMs + this.#validMs;
  }

  #forgetResolved(): void {
    for (const [key, { alert }] of this.#held) if (alert.state === 'resolved') this.#held.delete(key);
  }

  /** Answers those that nobody has told of for so long that they have to be over. */
  #endStale(nowMs: number): readonly string[] {
    const ended: string[] = [];
    for (const [key, held] of this.#held) {
      const { alert, toldAtMs } = held;
      if (alert.state !== 'firing') {
        if (!isRecent(alert, nowMs)) this.#held.delete(key);
      } else if (nowMs - toldAtMs >= STALE_MS) {
        this.#held.set(key, { ...held, alert: { ...alert, state: 'resolved', resolvedAtMs: nowMs } });
        ended.push(key);
      }
    }
    return ended;
  }
}

/** The same for the same labels in any order; a label without a value is as none. */
export function alertKey(labels: Labels): string {
  const names = Object.keys(labels).filter((name) => labels[name] !== '');
  return JSON.stringify(names.sort().map((name) => [name, labels[name]]));
}

/** Alerts that do not fire yet are nobody's business, and neither are those that ended long ago. */
function isRecent({ state, resolvedAtMs }: Alert, nowMs: number): boolean {
  return state === 'resolved' && nowMs - (resolvedAtMs ?? nowMs) <= RESOLVED_KEPT_MS;
}
