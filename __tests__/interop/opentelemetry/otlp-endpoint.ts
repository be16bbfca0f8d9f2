// Receives what OpenTelemetry's own exporters send, and decodes it by the messages of OTLP, of which this has the fields that
// concern metrics. The decoder is protobufjs, which shares nothing with the exporters.
// Source: https://github.com/open-telemetry/opentelemetry-proto (metrics/v1, common/v1, resource/v1)
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import protobuf from 'protobufjs';

const { root } = protobuf.parse(`
  syntax = "proto3";
  message Request { repeated ResourceMetrics resource_metrics = 1; }
  message ResourceMetrics { Resource resource = 1; repeated ScopeMetrics scope_metrics = 2; string schema_url = 3; }
  message Resource { repeated KeyValue attributes = 1; }
  message ScopeMetrics { Scope scope = 1; repeated Metric metrics = 2; string schema_url = 3; }
  message Scope { string name = 1; string version = 2; }
  message Metric {
    string name = 1; string description = 2; string unit = 3;
    oneof data { Gauge gauge = 5; Sum sum = 7; Histogram histogram = 9; ExponentialHistogram exponential_histogram = 10; }
  }
  message Gauge { repeated NumberPoint data_points = 1; }
  message Sum { repeated NumberPoint data_points = 1; int32 aggregation_temporality = 2; bool is_monotonic = 3; }
  message Histogram { repeated HistogramPoint data_points = 1; int32 aggregation_temporality = 2; }
  message ExponentialHistogram { repeated ExponentialPoint data_points = 1; int32 aggregation_temporality = 2; }
  message NumberPoint {
    fixed64 start_time_unix_nano = 2; fixed64 time_unix_nano = 3;
    oneof value { double as_double = 4; sfixed64 as_int = 6; }
    repeated KeyValue attributes = 7;
  }
  message HistogramPoint {
    fixed64 start_time_unix_nano = 2; fixed64 time_unix_nano = 3; fixed64 count = 4; optional double sum = 5;
    repeated fixed64 bucket_counts = 6; repeated double explicit_bounds = 7; repeated KeyValue attributes = 9;
    optional double min = 11; optional double max = 12;
  }
  message ExponentialPoint {
    repeated KeyValue attributes = 1; fixed64 start_time_unix_nano = 2; fixed64 time_unix_nano = 3; fixed64 count = 4;
    optional double sum = 5; sint32 scale = 6; fixed64 zero_count = 7; Buckets positive = 8; Buckets negative = 9;
  }
  message Buckets { sint32 offset = 1; repeated uint64 bucket_counts = 2; }
  message KeyValue { string key = 1; AnyValue value = 2; }
  message AnyValue { oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; } }
`);
const Request = root.lookupType('Request');

interface KeyValue {
  readonly key: string;
  readonly value: {
    readonly stringValue?: string;
    readonly boolValue?: boolean;
    readonly intValue?: number;
    readonly doubleValue?: number;
  };
}

export interface ReceivedPoint {
  readonly attributes: readonly KeyValue[];
  readonly startTimeUnixNano: string;
  readonly timeUnixNano: string;
  readonly [field: string]: unknown;
}

export interface ReceivedMetric {
  readonly name: string;
  readonly unit: string;
  readonly description: string;
  readonly data: 'gauge' | 'sum' | 'histogram' | 'exponentialHistogram';
  readonly [data: string]: unknown;
}

export interface Received {
  readonly resource: Readonly<Record<string, unknown>>;
  readonly scopes: readonly {
    readonly name: string;
    readonly version: string;
    readonly metrics: readonly ReceivedMetric[];
  }[];
}

export class OtlpEndpoint {
  readonly received: Received[] = [];
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = Buffer.concat(chunks);
        this.received.push(decoded(request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body));
        response.setHeader('content-type', 'application/x-protobuf').end();
      });
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1/metrics`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

function decoded(body: Buffer): Received {
  const options = { longs: Number, arrays: true, oneofs: true, defaults: false } as const;
  const { resourceMetrics } = Request.toObject(Request.decode(body), { ...options, longs: Number }) as {
    readonly resourceMetrics: readonly {
      readonly resource?: { readonly attributes: readonly KeyValue[] };
      readonly scopeMetrics: readonly {
        readonly scope: { name: string; version?: string };
        readonly metrics: readonly ReceivedMetric[];
      }[];
    }[];
  };
  const [first] = resourceMetrics;
  return {
    resource: attributesOf(first?.resource?.attributes ?? []),
    scopes: (first?.scopeMetrics ?? []).map(({ scope, metrics }) => ({
      name: scope.name,
      version: scope.version ?? '',
      metrics,
    })),
  };
}

export function attributesOf(attributes: readonly KeyValue[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    attributes.map(({ key, value }) => [
      key,
      value.stringValue ?? value.boolValue ?? value.intValue ?? value.doubleValue,
    ]),
  );
}

/** The points of a metric, their attributes as an object and without their times. */
export function pointsOf(metric: ReceivedMetric): readonly Readonly<Record<string, unknown>>[] {
  const { dataPoints } = metric[metric.data] as { readonly dataPoints: readonly ReceivedPoint[] };
  return dataPoints.map(({ attributes, startTimeUnixNano: _start, timeUnixNano: _time, value: _which, ...rest }) => ({
    attributes: attributesOf(attributes),
    ...rest,
  }));
}
