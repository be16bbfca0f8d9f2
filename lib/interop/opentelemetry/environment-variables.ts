// What the variables OTEL_… say, as values. Pure, and forgiving as their specification asks: a value that makes no sense is told
// to whoever reads them and counts as not set.
// Source: https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
import type { DefinitionError } from '../../errors.js';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface EnvironmentSettings {
  readonly isDisabled: boolean;
  /** In the order given; undefined where nothing was. */
  readonly exporters: readonly string[] | undefined;
  readonly exportIntervalMs: number;
  readonly exportTimeoutMs: number;
  readonly prometheusHost: string | undefined;
  readonly prometheusPort: number | undefined;
  readonly resource: Readonly<Record<string, string>>;
}

const DEFAULT_INTERVAL_MS = 60_000;
const DEFAULT_TIMEOUT_MS = 30_000;
/** The longest that a timer of the platform takes. */
const MOST_MS = 2 ** 31 - 1;
const KNOWN_EXPORTERS = ['otlp', 'prometheus', 'console', 'none'];
const MOST_ATTRIBUTES = 128;

export interface EnvironmentReading {
  /** Exporters that the program brings along. */
  readonly exporters: readonly string[];
  /** Hears of each value that is ignored. */
  readonly tell: Tell;
}

type Tell = (error: DefinitionError) => void;

export function environmentSettings(
  env: Environment,
  { exporters: ownExporters, tell }: EnvironmentReading,
): EnvironmentSettings {
  // An empty value is the same as none.
  const text = (name: string): string | undefined => env[name]?.trim() || undefined;
  const whole = (name: string, { least, most }: { readonly least: number; readonly most: number }) => {
    const given = text(name);
    if (given === undefined) return undefined;
    const value = /^\d+$/.test(given) ? Number(given) : Number.NaN;
    if (value >= least && value <= most) return value;
    tell(ignored(name, given, `Give a whole number from ${least} to ${most}.`));
    return undefined;
  };
  const exportIntervalMs = whole('OTEL_METRIC_EXPORT_INTERVAL', { least: 1, most: MOST_MS }) ?? DEFAULT_INTERVAL_MS;
  const timeoutMs = whole('OTEL_METRIC_EXPORT_TIMEOUT', { least: 1, most: MOST_MS }) ?? DEFAULT_TIMEOUT_MS;
  return {
    isDisabled: isTrue('OTEL_SDK_DISABLED', text('OTEL_SDK_DISABLED'), tell),
    exporters: exportersIn(text('OTEL_METRICS_EXPORTER'), [...KNOWN_EXPORTERS, ...ownExporters], tell),
    exportIntervalMs,
    // The SDK's reader refuses a longer one.
    exportTimeoutMs: Math.min(timeoutMs, exportIntervalMs),
    prometheusHost: text('OTEL_EXPORTER_PROMETHEUS_HOST'),
    prometheusPort: whole('OTEL_EXPORTER_PROMETHEUS_PORT', { least: 0, most: 65_535 }),
    resource: resourceIn(text('OTEL_RESOURCE_ATTRIBUTES'), text('OTEL_SERVICE_NAME'), tell),
  };
}

function ignored(variable: string, value: string, rule: string): DefinitionError {
  return { kind: 'invalid_option', option: variable, value, rule: `It is ignored. ${rule}` };
}

function isTrue(name: string, value: string | undefined, tell: Tell): boolean {
  const word = value?.toLowerCase();
  if (word !== undefined && word !== 'true' && word !== 'false') tell(ignored(name, word, 'Give true or false.'));
  return word === 'true';
}

function exportersIn(value: string | undefined, known: readonly string[], tell: Tell): readonly string[] | undefined {
  if (value === undefined) return undefined;
  const names = [...new Set(value.split(',').map((name) => name.trim()))].filter((name) => name !== '');
  return names.filter((name) => {
    if (known.includes(name)) return name !== 'none';
    tell(ignored('OTEL_METRICS_EXPORTER', name, `Give some of ${known.join(', ')}.`));
    return false;
  });
}

/** Of attributes with one that cannot be read, none is taken. */
function resourceIn(
  value: string | undefined,
  serviceName: string | undefined,
  tell: Tell,
): Readonly<Record<string, string>> {
  let attributes: readonly (readonly [string, string])[] = [];
  try {
    attributes = attributesIn(value ?? '');
  } catch {
    const rule = 'Give it as key=value,key=value, with other signs percent-encoded.';
    tell(ignored('OTEL_RESOURCE_ATTRIBUTES', value ?? '', rule));
  }
  const service = serviceName === undefined ? [] : [['service.name', serviceName] as const];
  return Object.fromEntries([['service.name', 'unknown_service:node'], ...attributes, ...service]);
}

/** Throws where it is malformed. */
function attributesIn(value: string): readonly (readonly [string, string])[] {
  const pairs = value.split(',').filter((pair) => pair.trim() !== '');
  if (pairs.length > MOST_ATTRIBUTES) throw new Error('Too many attributes.');
  return pairs.map((pair) => {
    const equals = pair.indexOf('=');
    const key = decodeURIComponent(pair.slice(0, Math.max(equals, 0)).trim());
    if (key === '') throw new Error('An attribute without a name.');
    return [key, decodeURIComponent(pair.slice(equals + 1).trim())];
  });
}
