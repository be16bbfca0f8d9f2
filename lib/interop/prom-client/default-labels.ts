// What a registry adds to the metrics it shows: its default labels, on families without copying their numbers, and on metrics
// that are objects. Apart from the registry, which only knows which labels are whose.
import type { LabelDictionary, MetricFamily, SeriesBlock } from '../../model/family.js';
import type { PlainMetric } from './values.js';

export type DefaultLabels = Readonly<Record<string, unknown>>;

type Constants = SeriesBlock['constantLabels'];

/** The family with labels that its series lack. */
export function labelled(family: MetricFamily, labels: DefaultLabels): MetricFamily {
  const constants = Object.entries(labels).map(([name, value]) => [name, String(value)] as const);
  if (constants.length === 0) return family;
  const isHistogram = family.descriptor.type === 'histogram';
  return {
    descriptor: family.descriptor,
    observedNegative: family.observedNegative,
    *blocks(): Generator<SeriesBlock> {
      for (const block of family.blocks()) {
        const own = new Set(block.dictionaries.map(({ name }) => name));
        const added = constants.filter(([name]) => !own.has(name));
        yield isHistogram ? ledBy(block, added) : { ...block, constantLabels: added };
      }
    },
  };
}

/** The metric as it is where there are no labels; else with samples that may be written to. */
export function withDefaults(metric: PlainMetric, labels: DefaultLabels): PlainMetric {
  const names = Object.keys(labels);
  if (names.length === 0 || !metric.values) return metric;
  for (const sample of metric.values) {
    sample.labels = { ...sample.labels };
    for (const name of names) sample.labels[name] ||= labels[name];
  }
  return metric;
}

/** The block with labels before its own, which is where prom-client's histograms have them. */
function ledBy(block: SeriesBlock, added: Constants): SeriesBlock {
  const { dictionaries, labelIds, size } = block;
  if (dictionaries.length === 0 || added.length === 0) return { ...block, constantLabels: added };
  const first = dictionaries[0] as LabelDictionary;
  const leading = leadingFor(first, added);
  const width = dictionaries.length;
  const stride = added.length + width;
  // A label that all series have is a column of zeros: the id of its only value.
  const ids = new Int32Array(size * stride);
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < width; column += 1) {
      ids[row * stride + added.length + column] = labelIds[row * width + column] as number;
    }
  }
  return { ...block, dictionaries: [...leading, ...dictionaries], labelIds: ids };
}

// Kept with the family's own labels, because the texts of labels are kept by their dictionaries.
const leadingOf = new WeakMap<LabelDictionary, readonly LabelDictionary[]>();

function leadingFor(first: LabelDictionary, added: Constants): readonly LabelDictionary[] {
  const known = leadingOf.get(first);
  const isSame =
    known?.length === added.length && known.every(({ name, values }, i) => fits(name, values[0], added[i]));
  if (isSame) return known;
  const leading = added.map(([name, value]) => ({ name, values: [value] }));
  leadingOf.set(first, leading);
  return leading;
}

function fits(name: string, value: string | undefined, label: Constants[number] | undefined): boolean {
  return name === label?.[0] && value === label[1];
}
