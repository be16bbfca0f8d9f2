// What an alert is, to those who evaluate rules and to those who are told. A file of its own, so that neither knows the other.
import type { ResultAsync } from 'neverthrow';
import type { AlertError } from '../errors.js';
import type { Labels } from '../model/label-set.js';

/** `resolved` is what notifiers hear of an alert that no longer fires; everywhere else it is inactive again. */
export type AlertState = 'inactive' | 'pending' | 'firing' | 'resolved';

/** An alert at one moment: one for each series that its rule's expression answered. */
export interface Alert {
  /** With `alertname`. They tell one alert from another. */
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly state: AlertState;
  readonly value: number;
  /** Since when its expression holds. Milliseconds since the epoch. */
  readonly activeAtMs: number;
  readonly firedAtMs?: number;
  readonly resolvedAtMs?: number;
  /** Since when it fires although its expression holds no more (`keep_firing_for`). */
  readonly keepFiringSinceMs?: number;
  /**
   * Until when to believe that it fires unless told again: long enough for two tellings to be missed, as Prometheus has it. Whoever
   * evaluates knows how often that happens; without it a notifier assumes every minute.
   */
  readonly validUntilMs?: number;
  /** Where its expression can be looked at: a URL, or a path of the server that evaluates. */
  readonly generatorUrl?: string;
}

/**
 * Is told of alerts that fire and of alerts that are resolved, and told again of those that go on firing. It owns its retries and
 * its memory, which is bounded whatever its target does.
 */
export interface Notifier {
  readonly name: string;
  /** Never rejects. */
  notify(alerts: readonly Alert[]): ResultAsync<void, AlertError>;
  /** Lets what is on its way arrive, as far as that can be waited for. */
  close(): ResultAsync<void, AlertError>;
}
