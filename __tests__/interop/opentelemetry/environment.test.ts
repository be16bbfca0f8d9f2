// The variables OTEL_…: what they set up, end to end over a port or an exporter, and what becomes of values that make no sense.
import { DiagLogLevel, diag, metrics } from '@opentelemetry/api';
import { AggregationTemporality, InMemoryMetricExporter } from '@opentelemetry/sdk-metrics';
import { describe as inWords, MetricsCollector, type MetricsError } from 'telltale';
import {
  type ConfiguredOpenTelemetry,
  configureFromEnvironment,
  type EnvironmentOptions,
} from 'telltale/opentelemetry';
import { environmentSettings } from '../../../lib/interop/opentelemetry/environment-variables.js';

let running: ConfiguredOpenTelemetry[] = [];
let warnings: string[] = [];
beforeEach(() => {
  warnings = [];
  const silent = () => {};
  const logger = {
    error: silent,
    info: silent,
    debug: silent,
    verbose: silent,
    warn: (text: string) => warnings.push(text),
  };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
});
afterEach(async () => {
  for (const one of running) expect((await one.shutdown()).isOk()).toBe(true);
  running = [];
  diag.disable();
});

async function configured(options: EnvironmentOptions): Promise<ConfiguredOpenTelemetry> {
  const result = await configureFromEnvironment({ collector: new MetricsCollector(), ...options });
  if (result.isErr()) throw new Error(inWords(result.error));
  running.push(result.value);
  return result.value;
}

describe('configureFromEnvironment', () => {
  it('serves what libraries record, about the service that is named', async () => {
    const env = {
      OTEL_METRICS_EXPORTER: 'prometheus',
      OTEL_EXPORTER_PROMETHEUS_PORT: '0',
      OTEL_EXPORTER_PROMETHEUS_HOST: '127.0.0.1',
      OTEL_SERVICE_NAME: 'shop',
      OTEL_RESOURCE_ATTRIBUTES: 'service.name=unseen,deployment.environment=test%2C%20eu, team = a',
    };
    const { server, provider } = await configured({ env, resource: { attributes: { team: 'b' } } });
    expect(metrics.getMeterProvider()).toBe(provider);
    metrics.getMeter('lib').createCounter('orders').add(2);
    const text = await (await fetch(`${server?.url}/metrics`)).text();
    expect(text).toContain('\norders_total{otel_scope_name="lib"} 2\n');
    expect(text).toContain('\ntarget_info{service_name="shop",deployment_environment="test, eu",team="b"} 1\n');
  });

  it('sends by the exporters that it is given, and the rest at the end', async () => {
    const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
    const { shutdown, server } = await configured({ env: {}, exporters: { otlp: () => exporter } });
    expect(server).toBeUndefined();
    metrics.getMeter('lib').createCounter('orders').add(2);
    running = [];
    // The SDK's own exporter forgets everything at its end.
    let names: readonly string[] = [];
    exporter.shutdown = async () => {
      names = exporter
        .getMetrics()
        .flatMap(({ scopeMetrics }) =>
          scopeMetrics.flatMap((one) => one.metrics.map(({ descriptor }) => descriptor.name)),
        );
    };
    expect((await shutdown()).isOk()).toBe(true);
    expect(names).toContain('orders');
  });

  it('sends at the interval of the variable', async () => {
    const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
    const sent = new Promise<void>((resolve) => {
      exporter.export = (_, done) => {
        done({ code: 0 });
        resolve();
      };
    });
    await configured({ env: { OTEL_METRIC_EXPORT_INTERVAL: '20' }, exporters: { otlp: () => exporter } });
    // A reader sends nothing of nothing.
    metrics.getMeter('lib').createCounter('orders').add(2);
    await sent;
  });

  it('sets nothing up where it is disabled', async () => {
    const { isEnabled, server } = await configured({
      env: { OTEL_SDK_DISABLED: 'TRUE', OTEL_METRICS_EXPORTER: 'prometheus' },
    });
    expect([isEnabled, server]).toEqual([false, undefined]);
    expect(metrics.setGlobalMeterProvider(metrics.getMeterProvider())).toBe(true);
    metrics.disable();
  });

  it('tells of values that make no sense, and goes on without them', async () => {
    const told: MetricsError[] = [];
    const collector = new MetricsCollector({ onError: (error) => told.push(error) });
    const env = { OTEL_METRICS_EXPORTER: 'statsd,none', OTEL_EXPORTER_PROMETHEUS_PORT: '80000' };
    const { server } = await configured({ collector, env });
    expect(server).toBeUndefined();
    const sentences = [
      'The option OTEL_METRICS_EXPORTER is invalid (statsd). It is ignored. Give some of otlp, prometheus, console, none.',
      'The option OTEL_EXPORTER_PROMETHEUS_PORT is invalid (80000). It is ignored. Give a whole number from 0 to 65535.',
    ];
    expect(warnings).toEqual(sentences);
    // Of each kind, `onError` hears at most once a minute.
    expect(told.map(inWords)).toEqual(sentences.slice(0, 1));
  });

  it('only records where there is to be no exporter', async () => {
    const collector = new MetricsCollector();
    const { server } = await configured({ collector, env: { OTEL_METRICS_EXPORTER: 'none' } });
    expect(server).toBeUndefined();
    metrics.getMeter('').createCounter('orders').add(2);
    expect(await collector.expose()).toContain('\norders_total 2\n');
  });

  it('says what is missing for an exporter that it does not bring along', async () => {
    const result = await configureFromEnvironment({
      collector: new MetricsCollector(),
      env: { OTEL_METRICS_EXPORTER: 'otlp' },
    });
    expect(inWords(result._unsafeUnwrapErr())).toMatch(/OTEL_METRICS_EXPORTER.*exporters: \{ otlp:/);
  });

  it('answers that the port is taken', async () => {
    const env = { OTEL_EXPORTER_PROMETHEUS_PORT: '0' };
    const { server } = await configured({ env });
    metrics.disable();
    const again = await configureFromEnvironment({
      collector: new MetricsCollector(),
      env: { OTEL_EXPORTER_PROMETHEUS_PORT: String(server?.port) },
    });
    expect(again._unsafeUnwrapErr()).toMatchObject({ kind: 'address_in_use', port: server?.port });
  });

  it('answers that the process has a provider already, and leaves nothing open', async () => {
    const env = { OTEL_EXPORTER_PROMETHEUS_PORT: '0' };
    await configured({ env });
    const second = await configureFromEnvironment({ collector: new MetricsCollector(), env });
    expect(second._unsafeUnwrapErr()).toMatchObject({ kind: 'invalid_option', value: 'set already' });
  });
});

describe('environmentSettings', () => {
  const defaults = {
    isDisabled: false,
    exporters: undefined,
    exportIntervalMs: 60_000,
    exportTimeoutMs: 30_000,
    prometheusHost: undefined,
    prometheusPort: undefined,
    resource: { 'service.name': 'unknown_service:node' },
  };

  it.each<readonly [string, Readonly<Record<string, string>>, object, number]>([
    ['nothing', {}, {}, 0],
    ['empty values', { OTEL_METRICS_EXPORTER: '', OTEL_SDK_DISABLED: ' ', OTEL_METRIC_EXPORT_INTERVAL: '' }, {}, 0],
    ['several exporters', { OTEL_METRICS_EXPORTER: 'otlp, prometheus,otlp' }, { exporters: ['otlp', 'prometheus'] }, 0],
    ['an unknown exporter', { OTEL_METRICS_EXPORTER: 'statsd,mine' }, { exporters: ['mine'] }, 1],
    ['no exporter', { OTEL_METRICS_EXPORTER: 'none' }, { exporters: [] }, 0],
    [
      'times',
      { OTEL_METRIC_EXPORT_INTERVAL: '5000', OTEL_METRIC_EXPORT_TIMEOUT: '9000' },
      { exportIntervalMs: 5000, exportTimeoutMs: 5000 },
      0,
    ],
    ['times that are none', { OTEL_METRIC_EXPORT_INTERVAL: '-5', OTEL_METRIC_EXPORT_TIMEOUT: '1e99' }, {}, 2],
    ['a time of no end', { OTEL_METRIC_EXPORT_INTERVAL: '99999999999' }, {}, 1],
    ['a port that is none', { OTEL_EXPORTER_PROMETHEUS_PORT: '65536' }, {}, 1],
    ['neither true nor false', { OTEL_SDK_DISABLED: '1' }, {}, 1],
    ['attributes without a name', { OTEL_RESOURCE_ATTRIBUTES: 'a=1,=2' }, {}, 1],
    ['attributes of broken signs', { OTEL_RESOURCE_ATTRIBUTES: 'a=1,b=%zz' }, {}, 1],
    [
      'too many attributes',
      { OTEL_RESOURCE_ATTRIBUTES: Array.from({ length: 200 }, (_, i) => `a${i}=1`).join(',') },
      {},
      1,
    ],
    [
      'an equals sign in a value',
      { OTEL_RESOURCE_ATTRIBUTES: 'a=1=2' },
      { resource: { 'service.name': 'unknown_service:node', a: '1=2' } },
      0,
    ],
    [
      'a service among attributes',
      { OTEL_RESOURCE_ATTRIBUTES: 'service.name=shop' },
      { resource: { 'service.name': 'shop' } },
      0,
    ],
  ])('reads %s', (_, env, expected, told) => {
    const errors: MetricsError[] = [];
    const tell = (error: MetricsError) => errors.push(error);
    expect(environmentSettings(env, { exporters: ['mine'], tell })).toEqual({ ...defaults, ...expected });
    expect(errors).toHaveLength(told);
  });
});
