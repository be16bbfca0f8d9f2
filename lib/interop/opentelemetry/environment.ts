// Everything from the variables OTEL_…: the provider, made that of the process, and what brings its metrics to where the
// variables say. Apart from the rest of the entry point because only this opens a port.
import { diag, type MeterProvider, metrics } from '@opentelemetry/api';
import type { IMetricReader, PushMetricExporter } from '@opentelemetry/sdk-metrics';
import { err, ok, type Result, ResultAsync } from 'neverthrow';
import { type DefinitionError, describe, type HttpError, type StorageError } from '../../errors.js';
import { getMetricsCollector } from '../../global.js';
import { type MetricsServer, startMetricsServer } from '../../http/metrics-server.js';
import { type Environment, type EnvironmentSettings, environmentSettings } from './environment-variables.js';
import { TelltaleMeterProvider, type TelltaleMeterProviderOptions } from './meter-provider.js';

export interface EnvironmentOptions extends Pick<TelltaleMeterProviderOptions, 'collector' | 'views' | 'resource'> {
  /** Makes the exporters that OTEL_METRICS_EXPORTER may name, `otlp` above all: telltale brings none of them along. */
  readonly exporters?: Readonly<Record<string, () => PushMetricExporter>>;
  /** Default: `process.env`. */
  readonly env?: Environment;
}

export interface ConfiguredOpenTelemetry {
  /** False where OTEL_SDK_DISABLED says so: then nothing was set up. */
  readonly isEnabled: boolean;
  /** That of the process. */
  readonly provider: MeterProvider;
  /** Where there is a Prometheus exporter. */
  readonly server: MetricsServer | undefined;
  /** Sends what there is, ends readers and server, and takes the provider away from the process. */
  shutdown(): ResultAsync<void, HttpError | StorageError>;
}

/** Why the variables could not be followed. */
export type EnvironmentError = DefinitionError | HttpError;

/**
 * Sets up a meter provider as the variables say: OTEL_SDK_DISABLED, OTEL_METRICS_EXPORTER (`prometheus`, `console`, `otlp`,
 * `none`, several with commas), OTEL_METRIC_EXPORT_INTERVAL and _TIMEOUT, OTEL_EXPORTER_PROMETHEUS_HOST and _PORT,
 * OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES. Attributes given in `resource` win. Without OTEL_METRICS_EXPORTER it is
 * `otlp` where there is an exporter for it, else `prometheus`.
 *
 * A value that makes no sense is ignored, and told to the API's diagnostics and to `onError`.
 *
 * Answers `invalid_option` where an exporter is missing or the process has a meter provider already, and what
 * `startMetricsServer` answers.
 *
 * @example
 * const configured = await configureFromEnvironment({ exporters: { otlp: () => new OTLPMetricExporter() } });
 * if (configured.isErr()) console.error(describe(configured.error));
 */
export function configureFromEnvironment(
  options: EnvironmentOptions = {},
): ResultAsync<ConfiguredOpenTelemetry, EnvironmentError> {
  return new ResultAsync(configure(options));
}

async function configure(options: EnvironmentOptions): Promise<Result<ConfiguredOpenTelemetry, EnvironmentError>> {
  const { env = process.env, exporters = {}, collector = getMetricsCollector(), views = [] } = options;
  // As the specification asks, and to where whoever runs the program looks.
  const tell = (error: DefinitionError) => {
    diag.warn(describe(error));
    collector.onError(error);
  };
  const settings = environmentSettings(env, { exporters: Object.keys(exporters), tell });
  if (settings.isDisabled) return ok(nothing());
  const names = settings.exporters ?? [Object.hasOwn(exporters, 'otlp') ? 'otlp' : 'prometheus'];
  const readers = await readersFor(names, exporters, settings);
  if (readers.isErr()) return err(readers.error);
  const resource = { attributes: { ...settings.resource, ...options.resource?.attributes } };

  let server: MetricsServer | undefined;
  if (names.includes('prometheus')) {
    const { prometheusHost: host, prometheusPort: port } = settings;
    const started = await startMetricsServer(collector, {
      ...(host === undefined ? {} : { host }),
      ...(port === undefined ? {} : { port }),
    });
    if (started.isErr()) return err(started.error);
    server = started.value;
  }
  const provider = new TelltaleMeterProvider({ collector, views, resource, readers: readers.value });
  const shutdown = () => new ResultAsync(end(provider, server));
  if (metrics.setGlobalMeterProvider(provider)) return ok({ isEnabled: true, provider, server, shutdown });
  await end(provider, server, false);
  const rule = 'Configure it once, before anything else sets one, or take that one away by metrics.disable().';
  return err({ kind: 'invalid_option', option: 'the meter provider of the process', value: 'set already', rule });
}

/** What there is where OpenTelemetry is switched off. */
function nothing(): ConfiguredOpenTelemetry {
  const shutdown = () => new ResultAsync<void, never>(Promise.resolve(ok(undefined)));
  return { isEnabled: false, provider: metrics.getMeterProvider(), server: undefined, shutdown };
}

async function readersFor(
  names: readonly string[],
  exporters: NonNullable<EnvironmentOptions['exporters']>,
  { exportIntervalMs, exportTimeoutMs }: EnvironmentSettings,
): Promise<Result<readonly IMetricReader[], DefinitionError>> {
  const sent = names.filter((name) => name !== 'prometheus' || Object.hasOwn(exporters, name));
  if (sent.length === 0) return ok([]);
  // Only now, because whoever is scraped need not have it.
  const sdk = await import('@opentelemetry/sdk-metrics');
  const readers: IMetricReader[] = [];
  for (const name of sent) {
    const make = Object.hasOwn(exporters, name)
      ? exporters[name]
      : name === 'console'
        ? () => new sdk.ConsoleMetricExporter()
        : undefined;
    if (make === undefined) {
      const rule = `Give its exporter: configureFromEnvironment({ exporters: { ${name}: () => new OTLPMetricExporter() } }).`;
      return err({ kind: 'invalid_option', option: 'OTEL_METRICS_EXPORTER', value: name, rule });
    }
    const times = { exportIntervalMillis: exportIntervalMs, exportTimeoutMillis: exportTimeoutMs };
    readers.push(new sdk.PeriodicExportingMetricReader({ exporter: make(), ...times }));
  }
  return ok(readers);
}

async function end(
  provider: TelltaleMeterProvider,
  server: MetricsServer | undefined,
  isGlobal = true,
): Promise<Result<void, HttpError | StorageError>> {
  if (isGlobal) metrics.disable();
  try {
    await provider.shutdown();
  } catch (cause) {
    await server?.close();
    return err({ kind: 'storage_failed', storage: 'OpenTelemetry exporters', cause });
  }
  return server === undefined ? ok(undefined) : server.close();
}
