// What a collector's own families are to the panels: the same facts that the page learns from the query API. Apart from Grafana's
// format because it knows the model and nothing of what is written.
import { type FamilyDescriptor, isNative, type MetricFamily } from '../model/family.js';
import { type FamilyKind, type KnownFamily, unitOf } from './panels/known-family.js';

/** The families by name, the overview's order being the panels' own matter. */
export function describedFamilies(families: readonly MetricFamily[]): readonly KnownFamily[] {
  return families
    .map(({ descriptor }) => ({
      name: descriptor.name,
      kind: kindOf(descriptor),
      series: descriptor.name,
      help: descriptor.description,
      unit: descriptor.unit || unitOf(descriptor.name),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function kindOf(descriptor: FamilyDescriptor): FamilyKind {
  if (isNative(descriptor)) return 'native-histogram';
  if (descriptor.type === 'gaugehistogram') return 'histogram';
  return descriptor.type === 'gauge' && descriptor.name.endsWith('_info') ? 'info' : descriptor.type;
}

/** The label names of each family's series, by its name. */
export function labelNamesOf(families: readonly MetricFamily[]): ReadonlyMap<string, readonly string[]> {
  return new Map(families.map((family) => [family.descriptor.name, [...labelsIn(family)]]));
}

function labelsIn(family: MetricFamily): ReadonlySet<string> {
  const names = new Set<string>();
  // To the end, as the walk asks of its readers.
  for (const { dictionaries, constantLabels } of family.blocks()) {
    for (const { name } of dictionaries) names.add(name);
    for (const [name] of constantLabels) names.add(name);
  }
  return names;
}
