// All merged families by name, and what becomes of a worker that means something else by a name: the first definition
// stays, the other is told and left out, and the scrape goes on.
import type { DefinitionError, MetricsError } from '../errors.js';
import { claimedNames } from '../model/claimed-names.js';
import { type FamilyDescriptor, isNative } from '../model/family.js';
import type { Pace } from '../model/pace.js';
import { MergedGauge } from './gauges.js';
import type { MergedFamily, MergedFamilyOptions } from './merged-family.js';
import type { BucketLimits } from './native-totals.js';
import { MergedNative } from './natives.js';
import type { FamilyNews } from './protocol.js';
import { MergedSummary } from './summaries.js';
import { MergedTotals } from './totals.js';

export interface MergedFamiliesOptions {
  readonly maxSeriesPerMetric: number;
  readonly tell: (error: MetricsError) => void;
}

export class MergedFamilies {
  readonly #options: MergedFamiliesOptions;
  readonly #byName = new Map<string, MergedFamily>();
  /** Exposed name → name of the family that exposes it. */
  readonly #claims = new Map<string, string>();

  constructor(options: MergedFamiliesOptions) {
    this.#options = options;
  }

  /** The family that this one is a part of; undefined where it means something else, which is told. */
  joined({ descriptor, labelNames, bucketLimits }: FamilyNews): MergedFamily | undefined {
    const { name, type } = descriptor;
    const claims = claimedNames(name, type);
    const owner = claims.map((claim) => this.#claims.get(claim)).find((known) => known !== undefined);
    const known = owner === undefined ? undefined : this.#byName.get(owner);
    if (known !== undefined) {
      if (owner === name && isSame(known, descriptor, labelNames)) return known;
      this.#options.tell(conflict(known, descriptor, labelNames));
      return undefined;
    }
    const family = this.#create(descriptor, labelNames, bucketLimits);
    this.#byName.set(name, family);
    for (const claim of claims) this.#claims.set(claim, name);
    return family;
  }

  /** Brings all families up to date, and answers those that have something to show. */
  async merge(pace: Pace): Promise<readonly MergedFamily[]> {
    const families = [...this.#byName.values()];
    for (const family of families) await family.merge(pace);
    return families.filter(({ isLeftOut }) => !isLeftOut);
  }

  #create(
    descriptor: FamilyDescriptor,
    labelNames: readonly string[] | undefined,
    bucketLimits: BucketLimits | undefined,
  ): MergedFamily {
    const { maxSeriesPerMetric: maxSeries, tell } = this.#options;
    const overflowed = () => tell({ kind: 'cardinality_exceeded', metric: descriptor.name, limit: maxSeries });
    const options: MergedFamilyOptions = { descriptor, labelNames, maxSeries, overflowed };
    switch (descriptor.type) {
      case 'counter':
        return new MergedTotals(options);
      case 'histogram':
        return descriptor.native ? new MergedNative(options, bucketLimits) : new MergedTotals(options);
      case 'summary':
        return new MergedSummary(options);
      default:
        return new MergedGauge(options);
    }
  }
}

function isSame(known: MergedFamily, descriptor: FamilyDescriptor, labelNames: readonly string[] | undefined): boolean {
  return inWords(known.descriptor, known.labelNames) === inWords(descriptor, labelNames);
}

function conflict(
  known: MergedFamily,
  descriptor: FamilyDescriptor,
  labelNames: readonly string[] | undefined,
): DefinitionError {
  return {
    kind: 'family_conflict',
    metric: descriptor.name,
    existing: inWords(known.descriptor, known.labelNames),
    requested: `${inWords(descriptor, labelNames)} by another worker`,
    resolution:
      'Define it in the same way in all workers. Until then, readings go without what that worker says of it.',
  };
}

/** All that has to be the same; descriptions may differ, and the first one is shown. */
function inWords(descriptor: FamilyDescriptor, labelNames: readonly string[] | undefined): string {
  const aspects = [
    `a${isNative(descriptor) ? ' native' : ''} ${descriptor.type}`,
    shapeInWords(descriptor),
    descriptor.unit === '' ? '' : `in ${descriptor.unit}`,
    labelNames === undefined ? 'with any labels' : `with the labels ${[...labelNames].sort().join(', ') || 'none'}`,
    descriptor.type === 'gauge' ? `aggregated as ${descriptor.aggregation ?? 'liveSum'}` : '',
  ];
  return aspects.filter((aspect) => aspect !== '').join(' ');
}

function shapeInWords(descriptor: FamilyDescriptor): string {
  switch (descriptor.type) {
    case 'histogram':
    case 'gaugehistogram':
      return descriptor.upperBounds.length === 0 ? '' : `with the buckets ${descriptor.upperBounds.join(', ')}`;
    case 'summary':
      return descriptor.quantiles.length === 0 ? '' : `with the quantiles ${descriptor.quantiles.join(', ')}`;
    case 'stateset':
      return `with the states ${descriptor.states.map((state) => JSON.stringify(state)).join(', ')}`;
    default:
      return '';
  }
}
