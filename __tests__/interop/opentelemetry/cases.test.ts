// The collected cases of the SDK's own suites for instruments and providers, each on the SDK and on telltale: values, buckets,
// extremes, limits, identities of meters, and names.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Attributes,
  type Counter,
  DiagLogLevel,
  diag,
  type Histogram,
  type Meter,
  type UpDownCounter,
  ValueType,
} from '@opentelemetry/api';
import { MetricsCollector } from 'telltale';
import { TelltaleMeterProvider } from 'telltale/opentelemetry';
import { root } from '../../setup/run-command.js';
import { type Outcome, onBoth, samplesOf } from './both-providers.js';

interface Cases {
  readonly instrumentNames: { readonly valid: readonly string[]; readonly invalid: readonly string[] };
  readonly defaultHistogramBoundaries: readonly number[];
  readonly instruments: readonly {
    readonly kind: 'counter' | 'upDownCounter' | 'histogram';
    readonly valueType: 'INT' | 'DOUBLE';
    readonly add: readonly (readonly [number | string, Attributes])[];
    readonly points: readonly (readonly [Attributes, unknown])[];
  }[];
  readonly cardinality: {
    readonly overflowAttributes: Attributes;
    readonly cases: readonly {
      readonly limit: number;
      readonly add: readonly (readonly [number, Attributes])[];
      readonly points: number;
      readonly first: number;
      readonly overflow: number;
    }[];
  };
}

const cases = JSON.parse(readFileSync(join(root, '../shared/cases/otel_api.json'), 'utf8')) as Cases;

const SPECIAL: Readonly<Record<string, unknown>> = { '+Inf': Infinity, '-Inf': -Infinity, NaN: Number.NaN, '"1"': '1' };
const amountOf = (amount: number | string): number => (typeof amount === 'number' ? amount : SPECIAL[amount]) as number;

const make: Readonly<
  Record<string, (meter: Meter, valueType: ValueType) => (amount: number, attributes: Attributes) => void>
> = {
  counter: (meter, valueType) => {
    const counter: Counter = meter.createCounter('tested', { valueType });
    return (amount, attributes) => counter.add(amount, attributes);
  },
  upDownCounter: (meter, valueType) => {
    const counter: UpDownCounter = meter.createUpDownCounter('tested', { valueType });
    return (amount, attributes) => counter.add(amount, attributes);
  },
  histogram: (meter, valueType) => {
    const histogram: Histogram = meter.createHistogram('tested', { valueType });
    return (amount, attributes) => histogram.record(amount, attributes);
  },
};

interface Point {
  readonly attributes: Attributes;
  readonly value: unknown;
}

const pointsOf = ({ readings }: Outcome): readonly Point[] =>
  (readings[0]?.[0]?.metrics[0] as { readonly dataPoints: readonly Point[] } | undefined)?.dataPoints ?? [];

describe('instruments', () => {
  it.each(cases.instruments)(
    '$kind of $valueType has the points of the SDK',
    async ({ kind, valueType, add, points }) => {
      const { sdk, own } = await onBoth((provider) => {
        const record = make[kind]?.(provider.getMeter('cases'), ValueType[valueType]);
        for (const [amount, attributes] of add) record?.(amountOf(amount), attributes);
      });
      expect(own.readings).toEqual(sdk.readings);
      expect(pointsOf(own)).toHaveLength(points.length);
      for (const [attributes, expected] of points) {
        const value = pointsOf(own).find(
          (point) => JSON.stringify(point.attributes) === JSON.stringify(attributes),
        )?.value;
        if (typeof expected === 'number') {
          expect(value).toBeCloseTo(expected, 10);
          continue;
        }
        const { counts, ...rest } = expected as { readonly counts: readonly number[] };
        expect(value).toEqual({ ...rest, buckets: { boundaries: cases.defaultHistogramBoundaries, counts } });
      }
    },
  );
});

describe('instrument names', () => {
  async function made(
    name: string,
  ): Promise<{ readonly warnings: readonly string[]; readonly samples: readonly string[] }> {
    const warnings: string[] = [];
    const silent = () => {};
    const logger = {
      error: silent,
      info: silent,
      debug: silent,
      verbose: silent,
      warn: (text: string) => warnings.push(text),
    };
    diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
    try {
      const collector = new MetricsCollector();
      new TelltaleMeterProvider({ collector }).getMeter('').createCounter(name).add(2);
      return { warnings, samples: await samplesOf(collector) };
    } finally {
      diag.disable();
    }
  }

  it.each(cases.instrumentNames.valid.map((name) => [name.slice(0, 20), name]))('takes %s', async (_, name) => {
    const { warnings, samples } = await made(name);
    expect(warnings).toEqual([]);
    expect(samples.at(-1)).toMatch(/_total 2$/);
  });

  it.each(cases.instrumentNames.invalid.map((name) => [name.slice(0, 20), name]))(
    'warns once of "%s", and counts all the same',
    async (_, name) => {
      const { warnings, samples } = await made(name);
      expect(warnings).toEqual([expect.stringContaining('Invalid metric name')]);
      expect(samples.at(-1)).toMatch(/^[a-zA-Z_]\w* 2$/);
    },
  );
});

describe('the cardinality limit of a view', () => {
  it.each(cases.cardinality.cases)(
    'of $limit gives $points points',
    async ({ limit, add, points, first, overflow }) => {
      const views = [{ instrumentName: 'tested', aggregationCardinalityLimit: limit }];
      const { sdk, own } = await onBoth(
        (provider) => {
          const counter = provider.getMeter('cases').createCounter('tested');
          for (const [amount, attributes] of add) counter.add(amount, attributes);
        },
        { views },
      );
      expect(own.readings).toEqual(sdk.readings);
      expect(pointsOf(own)).toHaveLength(points);
      expect(pointsOf(own)).toContainEqual({ attributes: cases.cardinality.overflowAttributes, value: overflow });
      expect(pointsOf(own)).toContainEqual({ attributes: add[0]?.[1], value: first });
    },
  );
});
