// What may be said of a native histogram when it is defined, and what it comes to: a resolution and the limits that keep
// the number of its buckets in bounds.
import { LEAST_SCHEMA, MOST_SCHEMA } from '../../model/native-histogram.js';
import { checkNumber } from '../definition.js';

export interface NativeOptions {
  /**
   * How much wider each bucket may be than the one below it, above 1. The next resolution that is fine enough is taken:
   * 2^(2^-schema) for a schema of -4 to 8, so 1.0027 at the finest. Default: 1.1, which comes to 1.0905.
   */
  readonly growthFactor?: number;
  /**
   * Buckets with observations that a series may have, 1 to 65536. Above that, its history is dropped if `minResetSeconds`
   * have passed, else its zero bucket widened up to `maxZeroThreshold`, else its resolution halved. Default: 160.
   */
  readonly maxBuckets?: number;
  /** Values from minus this to this are in the zero bucket. Default: 2^-128. */
  readonly zeroThreshold?: number;
  /** How far the zero bucket may be widened. Default: 0, so never. */
  readonly maxZeroThreshold?: number;
  /**
   * A series with too many buckets starts anew (its created time moves) if it is this old, or as soon as it is. Default:
   * never. An hour suits most: a scraper then sees a few resets, and the full resolution comes back after an outlier.
   */
  readonly minResetSeconds?: number;
  /** Exemplars that a series without `buckets` keeps, 0 to 100, spread over its values. Default: 10. */
  readonly maxExemplars?: number;
  /** Seconds after which its oldest exemplar goes first; before, one goes that is close to another. Default: 300. */
  readonly exemplarTtlSeconds?: number;
}

/** A native histogram's definition with nothing left open. */
export interface NativeLimits {
  /** The resolution to start with. */
  readonly schema: number;
  readonly maxBuckets: number;
  readonly zeroThreshold: number;
  readonly maxZeroThreshold: number;
  /** Infinity for never. */
  readonly minResetSeconds: number;
  readonly maxExemplars: number;
  readonly exemplarTtlSeconds: number;
}

/** What applies where nothing is given. */
export const NATIVE_DEFAULTS: Required<NativeOptions> = {
  growthFactor: 1.1,
  maxBuckets: 160,
  zeroThreshold: 2 ** -128,
  maxZeroThreshold: 0,
  minResetSeconds: Number.POSITIVE_INFINITY,
  maxExemplars: 10,
  exemplarTtlSeconds: 300,
};
const MOST_BUCKETS = 65_536;
const MOST_EXEMPLARS = 100;

/** What `native` may be: true for the defaults, false as if it had been left out. */
export type NativeChoice = boolean | NativeOptions | undefined;

/** The options in full; undefined for a histogram that is not native. Does not judge them. */
export function nativeOptions(choice: NativeChoice): Required<NativeOptions> | undefined {
  if (choice === undefined || choice === false) return undefined;
  const given = typeof choice === 'object' && choice !== null ? choice : {};
  const chosen = (option: keyof NativeOptions) => given[option] ?? NATIVE_DEFAULTS[option];
  return {
    growthFactor: chosen('growthFactor'),
    maxBuckets: chosen('maxBuckets'),
    zeroThreshold: chosen('zeroThreshold'),
    maxZeroThreshold: chosen('maxZeroThreshold'),
    minResetSeconds: chosen('minResetSeconds'),
    maxExemplars: chosen('maxExemplars'),
    exemplarTtlSeconds: chosen('exemplarTtlSeconds'),
  };
}

/** @throws MetricDefinitionError `invalid_option`. */
export function checkNative(choice: NativeChoice): void {
  if (typeof choice !== 'boolean' && (typeof choice !== 'object' || choice === null)) {
    checkNumber('native', choice, 'Give true, or an object of options.', () => false);
  }
  const options = nativeOptions(choice);
  if (options === undefined) return;
  const isThreshold = (value: number) => value >= 0 && Number.isFinite(value);
  const check = (option: keyof NativeOptions, rule: string, fits: (value: number) => boolean) =>
    checkNumber(`native.${option}`, options[option], rule, fits);
  check('growthFactor', 'Give a finite number above 1.', (value) => value > 1 && Number.isFinite(value));
  check('maxBuckets', `Give a whole number of 1 to ${MOST_BUCKETS}.`, (value) => {
    return Number.isInteger(value) && value >= 1 && value <= MOST_BUCKETS;
  });
  check('zeroThreshold', 'Give a finite number of at least 0.', isThreshold);
  check('maxZeroThreshold', 'Give a finite number of at least 0.', isThreshold);
  check('minResetSeconds', 'Give seconds above 0.', (value) => value > 0);
  check('maxExemplars', `Give a whole number of 0 to ${MOST_EXEMPLARS}.`, (value) => {
    return Number.isInteger(value) && value >= 0 && value <= MOST_EXEMPLARS;
  });
  check('exemplarTtlSeconds', 'Give seconds of at least 0.', (value) => value >= 0);
}

/** The coarsest schema whose buckets grow by no more than this factor, or the finest there is. */
export function schemaOf(growthFactor: number): number {
  for (let schema = LEAST_SCHEMA; schema < MOST_SCHEMA; schema++) {
    if (2 ** (2 ** -schema) <= growthFactor) return schema;
  }
  return MOST_SCHEMA;
}

export function nativeLimits({ growthFactor, ...limits }: Required<NativeOptions>): NativeLimits {
  return { ...limits, schema: schemaOf(growthFactor) };
}
