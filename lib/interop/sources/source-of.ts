// From whatever is given to be attached to a source of families: what it can do decides how it is read, so that none of the
// packages that it may come from has to be there.
import type { Clock } from '../../clock.js';
import { MetricDefinitionError } from '../../errors.js';
import type { FamilySource } from '../../model/family-source.js';
import { CollectingSource, type MetricProducerLike } from './collecting-source.js';
import { type RegistryLike, RegistrySource } from './registry-source.js';
import { ScrapedSource, type ScrapeTarget } from './scraped-source.js';

/** What can be attached to a collector besides another collector. */
export type Attachable = RegistryLike | MetricProducerLike | FamilySource | ScrapeTarget | string | URL;

export interface SourceSettings {
  readonly timeoutSeconds: number;
  readonly clock: Clock;
  /** Hears of what is left out of a source while the rest of it is shown. */
  readonly faulty: (cause: unknown) => void;
}

export interface NamedSource {
  /** How it is called where nobody gave it a name. */
  readonly name: string;
  readonly source: FamilySource;
}

/** @throws MetricDefinitionError `invalid_option` */
export function sourceOf(given: Attachable, settings: SourceSettings): NamedSource {
  const { timeoutSeconds, faulty } = settings;
  if (typeof given === 'string' || given instanceof URL) return scraped({ url: given }, settings);
  if (has(given, 'getMetricsAsJSON')) return { name: 'registry', source: new RegistrySource(given, faulty) };
  if (has(given, 'collect')) {
    const source = new CollectingSource(given, { timeoutMs: timeoutSeconds * 1000, faulty });
    return { name: 'source', source };
  }
  if (typeof given === 'object' && given !== null && 'url' in given) return scraped(given, settings);
  throw new MetricDefinitionError({
    kind: 'invalid_option',
    option: 'source',
    value: given === null ? 'null' : typeof given,
    rule: 'Give a registry of prom-client, a metric reader of OpenTelemetry, a collector, or the URL of a /metrics.',
  });
}

function scraped(target: ScrapeTarget, { timeoutSeconds: longest, clock }: SourceSettings): NamedSource {
  const { timeoutSeconds = longest } = target;
  const source = new ScrapedSource({ ...target, timeoutSeconds: Math.min(timeoutSeconds, longest) }, clock);
  return { name: source.shownUrl, source };
}

function has<M extends string>(given: unknown, method: M): given is { readonly [name in M]: () => never } {
  return (
    typeof given === 'object' && given !== null && typeof (given as { [name in M]?: unknown })[method] === 'function'
  );
}
