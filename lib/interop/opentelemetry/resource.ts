// What the metrics are about: the attributes of a resource, as `target_info` for scrapers and as an object that the SDK's
// exporters take.
import type { Attributes } from '@opentelemetry/api';
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { MetricsCollector } from '../../collector.js';
import { MetricDefinitionError } from '../../errors.js';
import { AttributeLabelling } from './attributes.js';

/** As the API has attributes, and with values that the SDK's resources may lack. */
export type ResourceAttributes = Readonly<Record<string, unknown>>;
export type Resource = ResourceMetrics['resource'];

export const TARGET_INFO = 'target_info';

/** Shows a resource as `target_info`. One that cannot be shown is told to `onError`. */
export function targetInfo(collector: MetricsCollector, attributes: ResourceAttributes): void {
  const rules = {
    declared: undefined,
    names: 'classic',
    reserved: [],
    defaults: new Map(),
    maxValueLength: 1024,
  } as const;
  const labelling = new AttributeLabelling([]);
  // One by one, so that an attribute that is no label costs only itself.
  const labels = Object.entries(attributes).flatMap(([key, value]) => {
    const read = labelling.read({ [key]: value }, rules);
    return 'names' in read ? read.names.map((name, i) => [name, read.values[i] as string] as const) : [];
  });
  if (labels.length === 0) return;
  try {
    collector.info('target', Object.fromEntries(labels), { description: 'What these metrics are about.' });
  } catch (error) {
    if (!(error instanceof MetricDefinitionError)) throw error;
    collector.onError(error.detail);
  }
}

/** The resource in the SDK's form. */
export function resourceOf(attributes: ResourceAttributes): Resource {
  const known = Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined)) as Attributes;
  const resource: Resource = {
    attributes: known,
    asyncAttributesPending: false,
    merge: (other) => (other === null ? resource : resourceOf({ ...known, ...other.attributes })),
    getRawAttributes: () => Object.entries(known),
  };
  return resource;
}
