// Reads the recent past of metrics out of a storage and turns it into figures for a screen: sums over series, rates, the
// latest values. This is what a dashboard does with PromQL; here, a few lines over `select` do.
import type { LabelMatcher, Queryable, SeriesData } from 'telltale';

/** A value at a moment, in milliseconds since the epoch. */
export interface Point {
  readonly timestampMs: number;
  readonly value: number;
}

/** The series of a name that was asked for, of those that have these labels. */
export type Select<Name> = (name: Name, labels?: Readonly<Record<string, string>>) => readonly SeriesData[];

/** Reads all series of these names in one go, of the last `seconds` before `nowMs`. A storage that cannot answer has none. */
export async function readHistory<Name extends string>(
  storage: Queryable,
  options: { readonly names: readonly Name[]; readonly seconds: number; readonly nowMs: number },
): Promise<Select<Name>> {
  const { names, seconds, nowMs } = options;
  const named: LabelMatcher = { name: '__name__', operator: '=~', value: names.join('|') };
  const selected = await storage.select([named], { startMs: nowMs - seconds * 1000, endMs: nowMs });
  const series: SeriesData[] = [];
  if (selected.isOk()) for await (const one of selected.value) series.push(one);
  const byName = groupedBy(series, ({ labels }) => labels.__name__);
  return (name, wanted = {}) =>
    (byName.get(name) ?? []).filter(({ labels }) =>
      Object.entries(wanted).every(([label, value]) => labels[label] === value),
    );
}

/** In the order in which the keys first come. */
export function groupedBy<Value, Key>(
  values: readonly Value[],
  keyOf: (value: Value) => Key,
): ReadonlyMap<Key, Value[]> {
  const groups = new Map<Key, Value[]>();
  for (const value of values) {
    const group = groups.get(keyOf(value));
    if (group === undefined) groups.set(keyOf(value), [value]);
    else group.push(value);
  }
  return groups;
}

/** The sum of all series at every moment. A series that comes later counts from then on. */
export function sumOf(series: readonly SeriesData[]): readonly Point[] {
  const sums = new Map<number, number>();
  for (const { timestampsMs, values } of series) {
    for (const [i, timestampMs] of timestampsMs.entries()) {
      sums.set(timestampMs, (sums.get(timestampMs) ?? 0) + (values[i] ?? 0));
    }
  }
  return [...sums].sort(([a], [b]) => a - b).map(([timestampMs, value]) => ({ timestampMs, value }));
}

/** How fast a total grew between each moment and the one before, per second. */
export function ratesOf(totals: readonly Point[]): readonly number[] {
  return totals.slice(1).map(({ timestampMs, value }, i) => {
    const before = totals[i] as Point;
    return (value - before.value) / ((timestampMs - before.timestampMs) / 1000);
  });
}

/** How fast a total grew over the last `seconds` that are known; 0 before there are two moments to compare. */
export function recentRate(totals: readonly Point[], seconds: number): number {
  const last = totals.at(-1);
  if (last === undefined) return 0;
  const first = totals.find(({ timestampMs }) => timestampMs >= last.timestampMs - seconds * 1000) ?? last;
  return first === last ? 0 : (last.value - first.value) / ((last.timestampMs - first.timestampMs) / 1000);
}

/** The newest value of a series. */
export function latest({ values }: SeriesData): number {
  return values.at(-1) ?? Number.NaN;
}
