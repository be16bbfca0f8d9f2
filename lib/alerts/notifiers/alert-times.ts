// The times and addresses of an alert as its readers want them: Alertmanager and webhooks write both alike.
import type { Alert } from '../alert.js';

/** The latest moment that a date can be: for whatever is beyond it, or no number. */
const LATEST_MS = 8_640_000_000_000_000;

/** As RFC 3339 has it. */
export function timeText(ms: number): string {
  return new Date(Math.abs(ms) <= LATEST_MS ? ms : LATEST_MS).toISOString();
}

/** When it began to fire, which is later than when its expression began to hold. */
export function startsAtMs({ firedAtMs, activeAtMs }: Alert): number {
  return firedAtMs ?? activeAtMs;
}

/** Where to look at it; empty where nothing is known that a browser could open. */
export function generatorUrlOf({ generatorUrl = '' }: Alert, externalUrl: string | undefined): string {
  const url = generatorUrl.startsWith('/') && externalUrl !== undefined ? externalUrl + generatorUrl : generatorUrl;
  return URL.canParse(url) ? url : '';
}
