// Matchers for jest and vitest: `expect.extend(metricsMatchers)`. They read what a Prometheus would read, so that a test says
// nothing about how a metric is recorded.
import type { MetricsCollector } from '../collector.js';
import type { MetricSample } from '../model/samples.js';

type LabelValues = Readonly<Record<string, string | number | boolean>>;

/** What a matcher answers. */
export interface MatcherResult {
  readonly pass: boolean;
  message(): string;
}

/** What is there to match, for those who declare it to their test runner. */
export interface MetricsMatchers<R> {
  /**
   * That something was recorded under this name: a value that is not 0, in a series with (at least) these labels. Of a histogram or
   * summary, its count. With a value, the sum over all series with these labels has to be that value.
   */
  toHaveRecorded(name: string, labels?: LabelValues, value?: number): R;
  /** That the exposition is this text, indentation and the collector's own `telltale_` metrics left out. */
  toExposeText(expected: string): R;
}

declare global {
  namespace jest {
    // biome-ignore lint/complexity/noBannedTypes: all declarations of it have to have the same parameters
    interface Matchers<R, T = {}> extends MetricsMatchers<Promise<R>> {}
  }
}

const MOST_SHOWN = 20;

/**
 * @example
 * expect.extend(metricsMatchers);
 * await expect(metrics).toHaveRecorded('orders_total', { outcome: 'paid' }, 3);
 * await expect(metrics).toExposeText('# TYPE orders_total counter\norders_total{outcome="paid"} 3');
 */
export const metricsMatchers = {
  async toHaveRecorded(
    metrics: MetricsCollector,
    name: string,
    labels: LabelValues = {},
    value?: number,
  ): Promise<MatcherResult> {
    const samples = await metrics.getAllMetrics();
    const isNamed = (sample: MetricSample) =>
      sample.name === name && (!('quantile' in sample.labels) || 'quantile' in labels);
    const sampleName = samples.some(isNamed) ? name : `${name}_count`;
    const named = samples.filter((sample) => sample.name === sampleName);
    const found = named.filter((sample) => hasLabels(sample, labels));
    const sum = found.reduce((total, sample) => total + sample.value, 0);
    const pass = value === undefined ? found.some((sample) => sample.value !== 0) : found.length > 0 && sum === value;
    const wanted = `${name}${labelText(labels)}${value === undefined ? '' : ` ${value}`}`;
    return {
      pass,
      message: () =>
        pass
          ? `Expected that ${wanted} was not recorded, but it was:\n${shown(found)}`
          : `Expected that ${wanted} was recorded. ${named.length === 0 ? `Nothing is there under this name. There are:\n${namesOf(samples)}` : `There is:\n${shown(named)}`}`,
    };
  },

  async toExposeText(metrics: MetricsCollector, expected: string): Promise<MatcherResult> {
    const text = withoutOwn(await metrics.expose());
    const wanted = expected.replace(/^[ \t]+/gm, '').trim();
    const pass = text === wanted;
    return {
      pass,
      message: () =>
        `${pass ? 'Expected another text than this:' : `Expected this text:\n${wanted}\n\nExposed is:`}\n${text}`,
    };
  },
};

function hasLabels(sample: MetricSample, labels: LabelValues): boolean {
  return Object.entries(labels).every(([name, value]) => (sample.labels[name] ?? '') === String(value));
}

function labelText(labels: Readonly<Record<string, unknown>>): string {
  const entries = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(String(value))}`);
  return entries.length === 0 ? '' : `{${entries.join(',')}}`;
}

function shown(samples: readonly MetricSample[]): string {
  const lines = samples.slice(0, MOST_SHOWN).map(({ name, labels, value }) => `  ${name}${labelText(labels)} ${value}`);
  return [...lines, ...(samples.length > MOST_SHOWN ? [`  … ${samples.length - MOST_SHOWN} more`] : [])].join('\n');
}

function namesOf(samples: readonly MetricSample[]): string {
  const names = [...new Set(samples.map(({ name }) => name))];
  return names.length === 0 ? '  none' : names.map((name) => `  ${name}`).join('\n');
}

/** The lines of an exposition that are not about `telltale_` metrics. */
function withoutOwn(text: string): string {
  return text
    .split('\n')
    .filter((line) => !/^(# \w+ )?telltale_/.test(line))
    .join('\n')
    .trim();
}
