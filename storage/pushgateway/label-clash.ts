// Finds labels that are in the grouping key and in the metrics, too. The gateway would give them the value of the key
// without a word, so that series which differ in nothing else become one.
import type { GroupingKeyError } from '../../lib/errors.js';
import type { MetricFamily, SeriesBlock } from '../../lib/model/family.js';
import { sampleKinds } from '../../lib/model/samples.js';

/** The first clash of these families. Costs a look at the label names of each block, and at the values only of those that clash. */
export function labelClash(
  families: readonly MetricFamily[],
  names: ReadonlySet<string>,
): GroupingKeyError | undefined {
  for (const family of families) {
    const label = clashOf(family, names);
    if (label === undefined) continue;
    const { name } = family.descriptor;
    const rule = `The metric ${name} has this label as well, and the gateway would overwrite it: give one of them another name.`;
    return { kind: 'invalid_grouping_key', label, rule };
  }
  return undefined;
}

function clashOf(family: MetricFamily, names: ReadonlySet<string>): string | undefined {
  for (const { label } of sampleKinds(family.descriptor))
    if (label !== undefined && names.has(label[0])) return label[0];
  for (const block of family.blocks()) {
    for (const [name, value] of block.constantLabels) if (value !== '' && names.has(name)) return name;
    const clash = block.dictionaries.findIndex(({ name }, column) => names.has(name) && hasValues(block, column));
    if (clash >= 0) return block.dictionaries[clash]?.name;
  }
  return undefined;
}

/** An empty label is none. */
function hasValues({ size, live, dictionaries, labelIds }: SeriesBlock, column: number): boolean {
  const stride = dictionaries.length;
  const { values } = dictionaries[column] as SeriesBlock['dictionaries'][number];
  for (let row = 0; row < size; row++) {
    if (live !== undefined && live[row] === 0) continue;
    if (values[labelIds[row * stride + column] as number] !== '') return true;
  }
  return false;
}
