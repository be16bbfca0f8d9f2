// A decoder of protobuf expositions that knows nothing of ours: protobufjs, with the messages that Prometheus and its clients
// agree on. Numbers of fields are facts; the messages are put down here as data, with the types that JavaScript has for them.
// Source: https://github.com/prometheus/client_model/blob/master/io/prometheus/client/metrics.proto
import protobuf from 'protobufjs';

const { root } = protobuf.parse(`
syntax = "proto2";
package client;

message Timestamp { optional int64 seconds = 1; optional int32 nanos = 2; }
message LabelPair { optional string name = 1; optional string value = 2; }
message Exemplar { repeated LabelPair label = 1; optional double value = 2; optional Timestamp timestamp = 3; }

enum MetricType { COUNTER = 0; GAUGE = 1; SUMMARY = 2; UNTYPED = 3; HISTOGRAM = 4; GAUGE_HISTOGRAM = 5; }

message Gauge { optional double value = 1; }
message Untyped { optional double value = 1; }
message Counter { optional double value = 1; optional Exemplar exemplar = 2; optional Timestamp created_timestamp = 3; }
message Quantile { optional double quantile = 1; optional double value = 2; }
message Summary {
  optional uint64 sample_count = 1;
  optional double sample_sum = 2;
  repeated Quantile quantile = 3;
  optional Timestamp created_timestamp = 4;
}
message Bucket {
  optional uint64 cumulative_count = 1;
  optional double upper_bound = 2;
  optional Exemplar exemplar = 3;
  optional double cumulative_count_float = 4;
}
message BucketSpan { optional sint32 offset = 1; optional uint32 length = 2; }
message Histogram {
  optional uint64 sample_count = 1;
  optional double sample_sum = 2;
  repeated Bucket bucket = 3;
  optional double sample_count_float = 4;
  optional sint32 schema = 5;
  optional double zero_threshold = 6;
  optional uint64 zero_count = 7;
  optional double zero_count_float = 8;
  repeated BucketSpan negative_span = 9;
  repeated sint64 negative_delta = 10;
  repeated double negative_count = 11;
  repeated BucketSpan positive_span = 12;
  repeated sint64 positive_delta = 13;
  repeated double positive_count = 14;
  optional Timestamp created_timestamp = 15;
  repeated Exemplar exemplars = 16;
}
message Metric {
  repeated LabelPair label = 1;
  optional Gauge gauge = 2;
  optional Counter counter = 3;
  optional Summary summary = 4;
  optional Untyped untyped = 5;
  optional int64 timestamp_ms = 6;
  optional Histogram histogram = 7;
}
message MetricFamily {
  optional string name = 1;
  optional string help = 2;
  optional MetricType type = 3;
  repeated Metric metric = 4;
  optional string unit = 5;
}
`);
const familyType = root.lookupType('client.MetricFamily');

export interface Timestamp {
  readonly seconds: number;
  readonly nanos?: number;
}

export interface Exemplar {
  readonly label?: readonly { readonly name: string; readonly value: string }[];
  readonly value: number;
  readonly timestamp?: Timestamp;
}

interface Span {
  readonly offset: number;
  readonly length: number;
}

export interface Histogram {
  readonly sampleCount?: number;
  readonly sampleCountFloat?: number;
  readonly sampleSum?: number;
  readonly bucket?: readonly {
    readonly cumulativeCount?: number;
    readonly cumulativeCountFloat?: number;
    readonly upperBound: number;
    readonly exemplar?: Exemplar;
  }[];
  readonly createdTimestamp?: Timestamp;
  readonly schema?: number;
  readonly zeroThreshold?: number;
  readonly zeroCount?: number;
  readonly zeroCountFloat?: number;
  readonly negativeSpan?: readonly Span[];
  readonly negativeDelta?: readonly number[];
  readonly negativeCount?: readonly number[];
  readonly positiveSpan?: readonly Span[];
  readonly positiveDelta?: readonly number[];
  readonly positiveCount?: readonly number[];
  readonly exemplars?: readonly Exemplar[];
}

export interface Metric {
  readonly label?: readonly { readonly name: string; readonly value: string }[];
  readonly gauge?: { readonly value: number };
  readonly untyped?: { readonly value: number };
  readonly counter?: { readonly value: number; readonly exemplar?: Exemplar; readonly createdTimestamp?: Timestamp };
  readonly summary?: {
    readonly sampleCount?: number;
    readonly sampleSum?: number;
    readonly quantile?: readonly { readonly quantile: number; readonly value: number }[];
    readonly createdTimestamp?: Timestamp;
  };
  readonly histogram?: Histogram;
  readonly timestampMs?: number;
}

/** Fields that were not sent are missing. */
export interface DecodedFamily {
  readonly name: string;
  readonly help?: string;
  readonly type: 'COUNTER' | 'GAUGE' | 'SUMMARY' | 'UNTYPED' | 'HISTOGRAM' | 'GAUGE_HISTOGRAM';
  readonly unit?: string;
  readonly metric: readonly Metric[];
}

/**
 * All families of an exposition; throws where it is damaged, and where there is anything in it that the messages do not
 * know: written again, each family has to be as long as it came.
 *
 * 64-bit integers come as numbers, which hold every one of a test.
 */
export function decodeFamilies(bytes: Uint8Array): DecodedFamily[] {
  const reader = protobuf.Reader.create(bytes);
  const families: DecodedFamily[] = [];
  while (reader.pos < reader.len) {
    const start = reader.pos;
    const message = familyType.decodeDelimited(reader);
    const again = familyType.encodeDelimited(message).finish().length;
    if (again !== reader.pos - start) throw new Error(`${reader.pos - start} bytes hold what ${again} would.`);
    families.push(familyType.toObject(message, { longs: Number, enums: String }) as DecodedFamily);
  }
  return families;
}

/** An exposition as clients of other languages write it. */
export function encodeFamiliesOf(families: readonly DecodedFamily[]): Buffer {
  return Buffer.concat(
    families.map((family) => familyType.encodeDelimited(familyType.fromObject(family as object)).finish()),
  );
}
