// The series of a metric one by one, each with its attributes as they were given: what the SDK's exporters take is objects, and
// here is where columns become some.
import type { Attributes, AttributeValue } from '@opentelemetry/api';
import type { SeriesBlock } from '../../model/family.js';
import type { Pace } from '../../model/pace.js';
import type { MetricSource } from './metric-source.js';

const OVERFLOW_LABEL = 'otel_metric_overflow';
const OVERFLOW: Attributes = { 'otel.metric.overflow': true };

export interface SeriesRow {
  readonly attributes: Attributes;
  readonly createdMs: number;
  readonly block: SeriesBlock;
  readonly row: number;
  /** Its numbers, until the walk goes on. */
  readonly numbers: Float64Array;
}

/** Calls back for every series. Gives up the thread between two blocks where it is time for that. */
export async function forEachRow(
  { family, scopeLabels }: MetricSource,
  pace: Pace,
  visit: (row: SeriesRow) => void,
): Promise<void> {
  for (const block of family.blocks()) {
    const attributesOf = attributeReader(block, scopeLabels);
    const { size, live, width, values, createdMs } = block;
    for (let row = 0; row < size; row++) {
      if (live?.[row] === 0) continue;
      const numbers = values.subarray(row * width, (row + 1) * width);
      visit({ attributes: attributesOf(row), createdMs: createdMs[row] as number, block, row, numbers });
    }
    if (pace.look()) await pace.pause();
  }
}

function attributeReader(
  { dictionaries, labelIds, constantLabels }: SeriesBlock,
  scopeLabels: ReadonlySet<string>,
): (row: number) => Attributes {
  const [first] = dictionaries;
  if (dictionaries.length === 1 && first?.name === OVERFLOW_LABEL) return () => ({ ...OVERFLOW });
  const constant = constantLabels.filter(([name]) => !scopeLabels.has(name));
  const columns = dictionaries.map((dictionary) => ({
    key: dictionary.key ?? dictionary.name,
    values: dictionary.values,
    given: dictionary.given?.(),
  }));
  return (row) => {
    // Own properties, whatever their names: a name of the prototype's would be lost.
    const entries: [string, AttributeValue][] = [...constant.map(([name, value]): [string, string] => [name, value])];
    columns.forEach(({ key, values, given }, column) => {
      const id = labelIds[row * columns.length + column] as number;
      const value = given?.get(id) ?? (values[id] as string);
      if (value !== '') entries.push([key, value]);
    });
    return Object.fromEntries(entries);
  };
}
