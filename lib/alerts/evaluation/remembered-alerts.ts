// What a storage remembers of alerts from before a restart: since when each is active, from `ALERTS_FOR_STATE`.
import type { Result } from 'neverthrow';
import type { StorageError } from '../../errors.js';
import type { Labels } from '../../model/label-set.js';
import type { Queryable, SeriesData } from '../../model/storage.js';
import { keyOf, withoutName } from '../../query/values/label-sets.js';

interface Memory {
  readonly activeAtMs: number;
  /** When it was written last. */
  readonly seenAtMs: number;
}

/** By labels. */
export type RememberedAlerts = ReadonlyMap<string, Memory>;

/** @param sinceMs - What was seen last before this time is forgotten: too much may have happened since. */
export async function rememberedAlerts(
  queryable: Queryable,
  { sinceMs, nowMs }: { readonly sinceMs: number; readonly nowMs: number },
): Promise<Result<RememberedAlerts, StorageError>> {
  const matchers = [{ name: '__name__', operator: '=', value: 'ALERTS_FOR_STATE' }] as const;
  const found = await queryable.select(matchers, { startMs: sinceMs, endMs: nowMs });
  if (found.isErr()) return found.map(() => new Map());
  const remembered = new Map<string, Memory>();
  for await (const series of found.value) {
    const memory = lastOf(series);
    if (memory !== undefined) remembered.set(keyOf(withoutName(series.labels)), memory);
  }
  return found.map(() => remembered);
}

/**
 * Since when an alert counts as active: the time while nobody looked counts for nothing, unless it had fired already.
 * Undefined for an alert that nobody remembers.
 */
export function activeAgainMs(
  remembered: RememberedAlerts,
  { labels, timeMs, forMs }: { readonly labels: Labels; readonly timeMs: number; readonly forMs: number },
): number | undefined {
  const memory = remembered.get(keyOf(labels));
  if (memory === undefined) return undefined;
  const { activeAtMs, seenAtMs } = memory;
  return seenAtMs - activeAtMs >= forMs ? activeAtMs : activeAtMs + (timeMs - seenAtMs);
}

/** Nothing of a series that has ended: its alert was no longer active. */
function lastOf({ timestampsMs, values, endsMs }: SeriesData): Memory | undefined {
  const [seenAtMs, seconds] = [timestampsMs.at(-1), values.at(-1)];
  if (seenAtMs === undefined || seconds === undefined || !Number.isFinite(seconds)) return undefined;
  if ((endsMs?.at(-1) ?? Number.NEGATIVE_INFINITY) >= seenAtMs) return undefined;
  return { activeAtMs: seconds * 1000, seenAtMs };
}
