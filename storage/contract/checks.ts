// What the rules of the contract ask of a storage and of its target, in the words of a rule.
import assert from 'node:assert/strict';
import type { Snapshot } from '../../lib/model/family.js';
import { countSamples } from '../../lib/model/samples.js';
import type { MetricsStorage, Queryable, SeriesData, TimeRange } from '../../lib/model/storage.js';
import type { StoredSample } from './contract-subject.js';

/** Writes and answers the number of samples, which has to be that of the snapshot. */
export async function stored(storage: MetricsStorage, snapshot: Snapshot): Promise<number> {
  const answer = await storage.write(snapshot);
  if (answer.isErr()) assert.fail(`The snapshot was not stored: ${JSON.stringify(answer.error)}`);
  assert.equal(answer.value, countSamples(snapshot));
  return answer.value;
}

export type Expected = readonly [labels: Readonly<Record<string, string>>, value: number];

export async function expectSamples(
  read: (name: string) => Promise<readonly StoredSample[]>,
  name: string,
  ...expected: readonly Expected[]
): Promise<void> {
  const found = await read(name);
  // As text, because arrays of another realm, as test runners have them, are never deeply equal.
  const lines = (samples: readonly Expected[]) => samples.map(lineOf).sort().join('\n');
  assert.equal(lines(found.map(({ labels, value }): Expected => [labels, value])), lines(expected), `of ${name}`);
}

/** An empty label is the same as none. */
function lineOf([labels, value]: Expected): string {
  const entries = Object.entries(labels).filter(([label, text]) => label !== '__name__' && text !== '');
  return `${JSON.stringify(entries.sort(([a], [b]) => (a < b ? -1 : 1)))} ${value}`;
}

/** The series of one name. */
export async function seriesOf(storage: Queryable, name: string, range: TimeRange): Promise<SeriesData[]> {
  const found = await storage.select([{ name: '__name__', operator: '=', value: name }], range);
  assert.ok(found.isOk(), 'the query failed');
  const series: SeriesData[] = [];
  for await (const one of found.value) series.push(one);
  return series;
}
