// An alert between two evaluations: what is known of it and how it goes on. Pure bookkeeping over times, so that the rules of
// Prometheus about pending, firing and resolved stand in one place.
import type { Labels } from '../../model/label-set.js';
import type { Alert } from '../alert.js';

export interface Hold {
  readonly forMs: number;
  readonly keepFiringForMs: number;
}

/** What an evaluation found of an alert. */
export interface Found {
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly value: number;
}

export class ActiveAlert {
  readonly labels: Labels;
  #annotations: Labels;
  #value: number;
  #state: 'pending' | 'firing' | 'resolved' = 'pending';
  readonly #activeAtMs: number;
  #firedAtMs: number | undefined;
  #resolvedAtMs: number | undefined;
  #keepFiringSinceMs: number | undefined;
  #toldAtMs = Number.NEGATIVE_INFINITY;

  constructor({ labels, annotations, value }: Found, activeAtMs: number) {
    this.labels = labels;
    this.#annotations = annotations;
    this.#value = value;
    this.#activeAtMs = activeAtMs;
  }

  get state(): 'pending' | 'firing' | 'resolved' {
    return this.#state;
  }

  get activeAtMs(): number {
    return this.#activeAtMs;
  }

  /** Its expression holds. */
  found({ annotations, value }: Found): void {
    this.#annotations = annotations;
    this.#value = value;
  }

  /** Its expression holds at this time: it fires if it has done so for long enough. */
  hold(timeMs: number, { forMs }: Hold): void {
    this.#keepFiringSinceMs = undefined;
    this.#fireIfDue(timeMs, forMs);
  }

  /** Its expression holds no more. Afterwards it is `resolved`, or fires on for as long as its rule says. */
  miss(timeMs: number, { keepFiringForMs }: Hold): void {
    if (this.#state === 'firing' && keepFiringForMs > 0) {
      this.#keepFiringSinceMs ??= timeMs;
      if (timeMs - this.#keepFiringSinceMs < keepFiringForMs) return;
    }
    this.#state = 'resolved';
    this.#resolvedAtMs = timeMs;
  }

  /** Whether notifiers are to be told: of what changed, and again of what fires on. What never fired is nothing to tell of. */
  isDueToTell(timeMs: number, resendDelayMs: number): boolean {
    if (this.#state === 'pending' || this.#firedAtMs === undefined) return false;
    return this.#state === 'resolved' || this.#toldAtMs + resendDelayMs < timeMs;
  }

  told(timeMs: number): void {
    this.#toldAtMs = timeMs;
  }

  /** What it is at the moment, for others to keep. */
  view(): Alert {
    return {
      labels: this.labels,
      annotations: this.#annotations,
      state: this.#state,
      value: this.#value,
      activeAtMs: this.#activeAtMs,
      ...(this.#firedAtMs !== undefined && { firedAtMs: this.#firedAtMs }),
      ...(this.#resolvedAtMs !== undefined && { resolvedAtMs: this.#resolvedAtMs }),
      ...(this.#keepFiringSinceMs !== undefined && { keepFiringSinceMs: this.#keepFiringSinceMs }),
    };
  }

  #fireIfDue(timeMs: number, forMs: number): void {
    if (this.#state !== 'pending' || timeMs - this.#activeAtMs < forMs) return;
    this.#state = 'firing';
    this.#firedAtMs = timeMs;
  }
}
