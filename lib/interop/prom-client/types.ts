// The shapes that prom-client 15 has in its declarations, under the same names, so that a program that compiles against the
// one compiles against the other.

export type Charset = 'utf-8';
export type PrometheusMIME = 'text/plain';
export type PrometheusMetricsVersion = '0.0.4';
export type OpenMetricsMIME = 'application/openmetrics-text';
export type OpenMetricsVersion = '1.0.0';
export type OpenMetricsContentType = `${OpenMetricsMIME}; version=${OpenMetricsVersion}; charset=${Charset}`;
export type PrometheusContentType = `${PrometheusMIME}; version=${PrometheusMetricsVersion}; charset=${Charset}`;
export type RegistryContentType = PrometheusContentType | OpenMetricsContentType;

export type Collector = () => void;

/** What the values of several processes become in `AggregatorRegistry`. */
export type Aggregator = 'omit' | 'sum' | 'first' | 'min' | 'max' | 'average';

/** The kinds of metrics, as numbers for the types alone: at run time, `type` is the text of the exposition. */
export declare enum MetricType {
  Counter = 0,
  Gauge = 1,
  Histogram = 2,
  Summary = 3,
}

export type CollectFunction<T> = (this: T) => void | Promise<void>;

export type LabelValues<T extends string> = Partial<Record<T, string | number>>;

export interface MetricObject {
  name: string;
  help: string;
  type: MetricType;
  aggregator: Aggregator;
  // biome-ignore lint/suspicious/noExplicitAny: declared like this, and callers rely on it
  collect: CollectFunction<any>;
}

export interface MetricObjectWithValues<T extends MetricValue<string>> extends MetricObject {
  values: T[];
}

export type MetricValue<T extends string> = {
  value: number;
  labels: LabelValues<T>;
};

export type MetricValueWithName<T extends string> = MetricValue<T> & {
  metricName?: string;
};

export interface IncreaseDataWithExemplar<T extends string> {
  value?: number;
  labels?: LabelValues<T>;
  exemplarLabels?: LabelValues<T>;
}

export interface ObserveDataWithExemplar<T extends string> {
  value: number;
  labels?: LabelValues<T>;
  exemplarLabels?: LabelValues<T>;
}
