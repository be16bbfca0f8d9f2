// The text of a scrape, made anew every time: as bytes, the form that is sent, and as a string. The peers only have
// strings; what it costs them to turn those into bytes is not held against them. Protobuf is measured beside our own text of
// the same series, "by hand" in the table: it shall cost no more.
import type { ExpositionFormat, MetricsCollector } from 'telltale';
import {
  type FilledFamily,
  filledCollector,
  filledOpenTelemetry,
  filledRegistry,
  type Kind,
} from '../filled-family.js';
import { faster, type Library, type Row, share } from '../harness/row.js';
import { type Contender, timed } from '../harness/timing.js';
import { type Requests, requestsOf } from '../workload.js';

type Text = string | readonly Uint8Array[];

/** Makes the text once per pass. */
function exposer<L>(library: Library, family: FilledFamily<L>, expose: (library: L) => Promise<Text>): Contender {
  let text: Text = '';
  family.recordAll();
  return {
    library,
    prepare: () => family.recordSome(),
    run: async (passes) => {
      for (let pass = 0; pass < passes; pass++) text = await expose(family.library);
    },
    check: () => {
      family.checkText(typeof text === 'string' ? text : Buffer.concat(text).toString());
      text = '';
    },
  };
}

async function readStream(metrics: MetricsCollector, format?: ExpositionFormat): Promise<readonly Uint8Array[]> {
  const pieces: Uint8Array[] = [];
  for await (const piece of metrics.exposeStream(format)) pieces.push(piece);
  return pieces;
}

/** Makes the protobuf once per pass. */
function protobufExposer(family: FilledFamily<MetricsCollector>): Contender {
  let pieces: readonly Uint8Array[] = [];
  family.recordAll();
  return {
    library: 'telltale',
    prepare: () => family.recordSome(),
    run: async (passes) => {
      for (let pass = 0; pass < passes; pass++) pieces = await readStream(family.library, 'protobuf');
    },
    check: () => {
      family.checkProtobuf(Buffer.concat(pieces));
      pieces = [];
    },
  };
}

function asProtobuf(kind: Kind, requests: Requests): readonly Contender[] {
  const text = exposer('by hand', filledCollector(kind, requests), (metrics) => readStream(metrics));
  return [protobufExposer(filledCollector(kind, requests)), text];
}

function asBytes(kind: Kind, series: number): readonly Contender[] {
  const requests = requestsOf(series);
  return [
    exposer('telltale', filledCollector(kind, requests), (metrics) => readStream(metrics)),
    exposer('prom-client', filledRegistry(kind, requests), (registry) => registry.metrics()),
    exposer('OpenTelemetry', filledOpenTelemetry(kind, requests), (library) => library.text()),
  ];
}

function asString(kind: Kind, series: number): readonly Contender[] {
  const requests = requestsOf(series);
  return [
    exposer('telltale', filledCollector(kind, requests), (metrics) => metrics.expose()),
    exposer('prom-client', filledRegistry(kind, requests), (registry) => registry.metrics()),
  ];
}

const bytesTargets = [faster('prom-client', 40), faster('OpenTelemetry', 60)];

export const expositionRows: readonly Row[] = [
  timed({
    id: 'text-10k-counters',
    title: 'text of 10k counters, as bytes (per series)',
    targets: bytesTargets,
    operations: 10_000,
    contenders: () => asBytes('counter', 10_000),
  }),
  timed({
    id: 'text-100k-counters',
    title: 'text of 100k counters, as bytes (per series)',
    targets: bytesTargets,
    operations: 100_000,
    contenders: () => asBytes('counter', 100_000),
  }),
  timed({
    id: 'text-histogram',
    title: 'text of a histogram, 10k series × 14 lines, as bytes',
    targets: [faster('prom-client', 25), faster('OpenTelemetry', 45)],
    operations: 1,
    contenders: () => asBytes('histogram', 10_000),
  }),
  timed({
    id: 'string-100k-counters',
    title: 'text of 100k counters, as a string (per series)',
    targets: [faster('prom-client', 12)],
    operations: 100_000,
    contenders: () => asString('counter', 100_000),
  }),
  timed({
    id: 'string-histogram',
    title: 'text of a histogram, 10k series × 14 lines, as a string',
    targets: [faster('prom-client', 12)],
    operations: 1,
    contenders: () => asString('histogram', 10_000),
  }),
  timed({
    id: 'protobuf-10k-counters',
    title: 'protobuf of 10k counters (per series; by hand: text)',
    targets: [share('by hand', 1)],
    operations: 10_000,
    contenders: () => asProtobuf('counter', requestsOf(10_000)),
  }),
  timed({
    id: 'protobuf-100k-counters',
    title: 'protobuf of 100k counters (per series; by hand: text)',
    targets: [share('by hand', 1)],
    operations: 100_000,
    contenders: () => asProtobuf('counter', requestsOf(100_000)),
  }),
  timed({
    id: 'protobuf-histogram',
    title: 'protobuf of a histogram, 10k series (by hand: text)',
    targets: [share('by hand', 1)],
    operations: 1,
    contenders: () => asProtobuf('histogram', requestsOf(10_000)),
  }),
  timed({
    id: 'protobuf-native',
    title: 'protobuf of a native histogram, 10k series (by hand: text)',
    targets: [share('by hand', 1)],
    operations: 1,
    // Twenty observations a series are about as many buckets, none of which text shows.
    contenders: () => asProtobuf('native', requestsOf(10_000, 200_000)),
  }),
];
