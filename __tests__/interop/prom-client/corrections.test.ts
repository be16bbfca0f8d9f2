// Where prom-client 15.1.3 is wrong and the drop-in is not: each fault is shown on the original first, so that the list in
// docs/migrating-from-prom-client.md stays true of it.
import * as original from 'prom-client';
import * as telltale from 'telltale/prom-client';
import { type Library, samplesOf, valuesOf } from './libraries.js';

const dropIn = telltale as unknown as Library;

afterEach(() => {
  original.register.clear();
  dropIn.register.clear();
  jest.useRealTimers();
  jest.restoreAllMocks();
});

/** What both libraries make of the same program. */
async function both<T>(run: (library: Library) => T | Promise<T>): Promise<{ original: T; telltale: T }> {
  return { original: await run(original), telltale: await run(dropIn) };
}

const help = 'help';

describe('the drop-in, other than prom-client,', () => {
  it('keeps apart labels that look alike when they are put together', async () => {
    const series = await both(async ({ Counter }) => {
      const counter = new Counter({ name: 'c', help, labelNames: ['a', 'b'] });
      counter.inc({ a: '1,b:2', b: '3' });
      counter.inc({ a: '1', b: '2,b:3' });
      return (await samplesOf(counter)).length;
    });
    expect(series).toEqual({ original: 1, telltale: 2 });
  });

  it('has no label where its value is undefined', async () => {
    const labels = await both(async ({ Counter }) => {
      const counter = new Counter({ name: 'c', help, labelNames: ['a', 'b'] });
      counter.inc({ a: undefined, b: '1' } as never);
      return (await samplesOf(counter)).length === 1 && (await counter.get()).values[0]?.labels;
    });
    expect(labels.telltale).toStrictEqual({ b: '1' });
    expect(labels.original).toStrictEqual({ a: undefined, b: '1' });
  });

  it('does not let NaN into a counter', async () => {
    const value = await both(async ({ Counter }) => {
      const counter = new Counter({ name: 'c', help });
      try {
        counter.inc(Number.NaN);
      } catch {}
      counter.inc(2);
      return (await valuesOf(counter))[0];
    });
    expect(value).toEqual({ original: Number.NaN, telltale: 2 });
    expect(() => new dropIn.Counter({ name: 'd', help }).inc(Number.NaN)).toThrow(
      new TypeError('Value is not a valid number: NaN'),
    );
    expect(() => new dropIn.Gauge({ name: 'g', help }).inc(Number.NaN)).toThrow(
      new TypeError('Delta is not a valid number: NaN'),
    );
  });

  it('spells NaN as the formats do', async () => {
    const text = await both(async ({ Gauge, register }) => {
      new Gauge({ name: 'g', help }).set(Number.NaN);
      register.registerMetric({
        name: 'plain',
        get: async () => ({ name: 'plain', help, type: 'gauge', values: [{ value: Number.NaN, labels: {} }] }),
      } as never);
      return (await register.metrics()).match(/^[^#\n].*$/gm);
    });
    expect(text).toEqual({ original: ['g Nan', 'plain Nan'], telltale: ['g NaN', 'plain NaN'] });
  });

  it('escapes label values that are no text', async () => {
    const text = await both(async ({ Counter, register }) => {
      new Counter({ name: 'c', help, labelNames: ['q'] }).inc({ q: ['"} 1\nfake{a="'] as never });
      return (await register.metrics()).split('\n').filter((line) => line.startsWith('fake')).length;
    });
    expect(text).toEqual({ original: 1, telltale: 0 });
    expect(await dropIn.register.metrics()).toContain('c{q="\\"} 1\\nfake{a=\\""} 1\n');
  });

  it('has buckets that add up, in whatever order they are given', async () => {
    const buckets = await both(async ({ Histogram }) => {
      const histogram = new Histogram({ name: 'h', help, buckets: [5, 1, 10, 1] });
      histogram.observe(0.5);
      return (await samplesOf(histogram)).slice(0, -2).map(({ labels, value }) => [labels['le'], value]);
    });
    expect(buckets.original).toEqual([
      [5, 1],
      [1, 1],
      [10, 1],
      [1, 1],
      ['+Inf', 1],
    ]);
    expect(buckets.telltale).toEqual([
      [1, 1],
      [5, 1],
      [10, 1],
      ['+Inf', 1],
    ]);
  });

  it('shows a histogram without labels at zero after a reset', async () => {
    const samples = await both(async ({ Histogram }) => {
      const histogram = new Histogram({ name: 'h', help, buckets: [1] });
      histogram.observe(1);
      histogram.reset();
      return valuesOf(histogram);
    });
    expect(samples).toEqual({ original: [], telltale: [0, 0, 0, 0] });
  });

  it('has no quantile of an empty window', async () => {
    const quantile = await both(async ({ Summary }) => {
      return (await valuesOf(new Summary({ name: 's', help, percentiles: [0.5] })))[0];
    });
    expect(quantile).toEqual({ original: 0, telltale: Number.NaN });
  });

  it('names a counter as before once OpenMetrics is switched off again', async () => {
    const names = await both(async ({ Counter, register }) => {
      const counter = new Counter({ name: 'c_total', help });
      register.setContentType(
        register.contentType.startsWith('text') ? (telltale.openMetricsContentType as never) : register.contentType,
      );
      await register.metrics();
      register.setContentType(telltale.prometheusContentType as never);
      return [(counter as unknown as { name: string }).name, (await register.metrics()).split('\n')[2]];
    });
    expect(names).toEqual({ original: ['c', 'c 0'], telltale: ['c_total', 'c_total 0'] });
  });

  it('leaves out a metric whose collect function fails, and no other', async () => {
    const warning = jest.spyOn(process, 'emitWarning').mockImplementation();
    const text = await both(async ({ Gauge, register }) => {
      new Gauge({ name: 'sound', help });
      new Gauge({
        name: 'failing',
        help,
        collect: () => {
          throw new Error('The database is away.');
        },
      });
      return register.metrics().catch((error: Error) => error.message);
    });
    const sound = '# HELP sound help\n# TYPE sound gauge\nsound 0\n';
    expect(text).toEqual({ original: 'The database is away.', telltale: sound });
    await dropIn.register.metrics();
    expect(warning.mock.calls.map(([message]) => message)).toEqual([
      'The metric failing is left out because its collect function failed: The database is away.',
    ]);
  });

  it('does not wait for a collect function that hangs', async () => {
    jest.useFakeTimers();
    jest.spyOn(process, 'emitWarning').mockImplementation();
    const { Gauge, register } = dropIn;
    new Gauge({ name: 'hanging', help, collect: () => new Promise<void>(() => {}) });
    const text = register.metrics();
    await jest.advanceTimersByTimeAsync(5000);
    expect(await text).toBe('\n');
  });

  it('keeps the default labels of registries that are merged', async () => {
    const text = await both(async ({ Counter, Registry }) => {
      const [one, two] = [new Registry(), new Registry()];
      one.setDefaultLabels({ from: 'one' });
      new Counter({ name: 'a', help, registers: [one] });
      new Counter({ name: 'b', help, registers: [two] });
      return (await Registry.merge([one, two]).metrics()).match(/^[^#\n].*$/gm);
    });
    expect(text).toEqual({ original: ['a 0', 'b 0'], telltale: ['a{from="one"} 0', 'b 0'] });
  });

  it('does not write default labels into the metric', async () => {
    const labels = await both(async ({ Counter, Registry }) => {
      const registry = new Registry();
      registry.setDefaultLabels({ env: 'test' });
      const counter = new Counter({ name: 'c', help, labelNames: ['a'], registers: [registry] });
      counter.inc({ a: '1' });
      await registry.getMetricsAsJSON();
      return (await samplesOf(counter))[0]?.labels;
    });
    expect(labels).toEqual({ original: { a: '1', env: 'test' }, telltale: { a: '1' } });
  });

  it('does not add up the quantiles of several processes', async () => {
    const values = await both(async ({ Summary, Registry, AggregatorRegistry }) => {
      const worker = async () => {
        const registry = new Registry();
        new Summary({ name: 's', help, percentiles: [0.5], registers: [registry] }).observe(10);
        return JSON.parse(JSON.stringify(await registry.getMetricsAsJSON()));
      };
      const aggregated = AggregatorRegistry.aggregate([await worker(), await worker()]);
      return (await aggregated.metrics()).match(/^[^#\n].*$/gm);
    });
    expect(values.original).toContain('s{quantile="0.5"} 20');
    expect(values.telltale).toEqual(['s_sum 20', 's_count 2']);
  });

  it('leaves no metric behind that it refused', async () => {
    const left = await both(({ Histogram, register }) => {
      expect(() => new Histogram({ name: 'h', help, labelNames: ['le'] })).toThrow('le is a reserved label keyword');
      return register.getMetricsAsArray().length;
    });
    expect(left).toEqual({ original: 1, telltale: 0 });
  });

  it('keeps exemplars that children and late labels bring', async () => {
    const registry = new dropIn.Registry();
    registry.setContentType(telltale.openMetricsContentType as never);
    const config = { help, labelNames: ['a'], enableExemplars: true, registers: [registry] };
    const child = new dropIn.Counter({ name: 'c', ...config }).labels('1') as unknown as {
      inc(data: object): void;
    };
    child.inc({ value: 2, exemplarLabels: { trace: 'x' } });
    new dropIn.Histogram({ name: 'h', buckets: [1], ...config }).labels('1').observe(0.5);
    const text = await registry.metrics();
    expect(text).toMatch(/^c_total\{a="1"\} 2 # \{trace="x"\} 2 /m);
    expect(text).toContain('h_count{a="1"} 1\n');
  });
});
