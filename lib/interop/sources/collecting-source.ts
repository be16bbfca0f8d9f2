// Whatever has a `collect`: metric producers and readers of OpenTelemetry, collectors of another copy of this package, and
// somebody's own code. Only the answer tells which. Families are copied while the time limit runs, so that whatever is wrong
// with them shows before anything of them is written.
import { type MetricFamily, rowWidth, type SeriesBlock } from '../../model/family.js';
import type { FamilySource } from '../../model/family-source.js';
import { isMetricName } from '../../model/names.js';
import { takeSnapshot } from '../../model/snapshot.js';
import { type CollectionLike, familiesOfCollection } from './collection-families.js';

/** What a metric producer or reader has to offer to be attached: those of `@opentelemetry/sdk-metrics` do. */
export interface MetricProducerLike {
  collect(options?: { readonly timeoutMillis?: number }): Promise<{
    readonly resourceMetrics: object;
    readonly errors: readonly unknown[];
  }>;
}

export interface CollectingOptions {
  readonly timeoutMs: number;
  /** Hears of what cannot be shown; the rest is. */
  readonly faulty: (cause: unknown) => void;
}

export class CollectingSource implements FamilySource {
  readonly #source: MetricProducerLike | FamilySource;
  readonly #options: CollectingOptions;

  constructor(source: MetricProducerLike | FamilySource, options: CollectingOptions) {
    this.#source = source;
    this.#options = options;
  }

  /** Rejects for what is neither families nor what a metric producer answers. */
  async collect(): Promise<readonly MetricFamily[]> {
    const { timeoutMs, faulty } = this.#options;
    const answer = await this.#source.collect({ timeoutMillis: timeoutMs });
    if ('resourceMetrics' in answer) return familiesOfCollection(answer as CollectionLike, faulty);
    const { families } = await takeSnapshot(answer, 0);
    for (const family of families) check(family);
    return families;
  }
}

/** @throws Error */
function check({ descriptor, blocks }: MetricFamily): void {
  const { name } = descriptor;
  if (!isMetricName(name, 'utf8')) throw new Error(`"${String(name)}" is no metric's name`);
  const width = rowWidth(descriptor);
  const isWhole = (block: SeriesBlock): boolean =>
    block.width === width &&
    block.values.length >= block.size * width &&
    block.labelIds.length >= block.size * block.dictionaries.length;
  for (const block of blocks()) if (!isWhole(block)) throw new Error(`${name} has fewer numbers than series`);
}
