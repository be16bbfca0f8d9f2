// Which exemplars are kept, judged by client_golang's own cases: the last one per bucket with fixed bounds, a few that are
// spread over the values without.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Exemplar, MetricsCollector } from 'telltale';
import { setUp } from '../instruments/setup.js';

interface Observed {
  readonly value: number;
  readonly labels: Readonly<Record<string, string>>;
}

interface Step {
  /** Seconds since the beginning, one per observation. */
  readonly at?: readonly number[];
  readonly atNote?: string;
  readonly observe: readonly number[];
  readonly want: readonly number[];
}

interface CaseFile {
  readonly classicExemplars: {
    readonly buckets: readonly number[];
    readonly observations: readonly Observed[];
    readonly wantPerBucket: readonly (Observed | null)[];
  };
  readonly nativeExemplars: readonly {
    readonly factor: number;
    readonly maxExemplars: number;
    readonly ttlSeconds: number;
    readonly steps: readonly Step[];
  }[];
}

const file = join(__dirname, '../../../shared/cases/native_histogram_golang.json');
const { classicExemplars, nativeExemplars } = JSON.parse(readFileSync(file, 'utf8')) as CaseFile;

async function exemplarsOf(metrics: MetricsCollector): Promise<readonly Exemplar[]> {
  const { families } = await metrics.snapshot();
  const [block] = families.find(({ descriptor }) => descriptor.name === 'h')?.blocks() ?? [];
  return block?.exemplars?.get(0) ?? [];
}

describe('exemplars of native_histogram_golang.json', () => {
  it('are the last ones per bucket with fixed bounds', async () => {
    const { metrics } = setUp();
    const { buckets, observations, wantPerBucket } = classicExemplars;
    const histogram = metrics.histogram('h', { buckets });
    for (const { value, labels } of observations) histogram.observe(value, {}, { exemplar: labels });
    const got = await exemplarsOf(metrics);
    const perBucket = wantPerBucket.map((_, bucket) => got.find(({ column }) => column === bucket) ?? null);
    expect(perBucket).toEqual(wantPerBucket.map((want) => (want === null ? null : expect.objectContaining(want))));
  });

  it.each(nativeExemplars)(
    'are spread over the values without: at most $maxExemplars, for $ttlSeconds s',
    async ({ factor, maxExemplars, ttlSeconds, steps }) => {
      const { metrics, clock } = setUp();
      // Below 0, client_golang has none, and takes all as outdated.
      const limits = { maxExemplars: Math.max(0, maxExemplars), exemplarTtlSeconds: Math.max(0, ttlSeconds) };
      const histogram = metrics.histogram('h', { native: { growthFactor: factor, ...limits } });
      const start = clock.monotonic();
      for (const { at, atNote = '', observe, want } of steps) {
        clock.advance(Number(/^(\d+) s later$/.exec(atNote)?.[1] ?? 0));
        observe.forEach((value, i) => {
          if (at !== undefined) clock.advance(start + (at[i] as number) - clock.monotonic());
          histogram.observe(value, {}, { exemplar: { id: value } });
        });
        const got = await exemplarsOf(metrics);
        expect(got.map(({ value }) => value).sort((a, b) => a - b)).toEqual(want);
        expect(got.every(({ column, labels, value }) => column === 0 && labels.id === String(value))).toBe(true);
      }
    },
  );
});
