// A receiver of remote write on the loopback interface that keeps what it is sent, decoded by a reader of its own: for what real
// servers cannot show, such as the bytes of a request, or cannot be brought to answer.
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { uncompress } from 'snappyjs';
import type { NativeBuckets, NativeHistogram } from '../../../lib/model/native-histogram.js';

export interface ReceivedSeries {
  /** In the order of the message. */
  readonly labels: readonly (readonly [name: string, value: string])[];
  readonly value: number;
  /** Of the value, in hexadecimal: NaNs differ in nothing else. */
  readonly bits: string;
  readonly timestampMs: number;
  /** Instead of a value, which is NaN then. */
  readonly histogram?: NativeHistogram;
}

export interface ReceivedRequest {
  readonly headers: IncomingHttpHeaders;
  /** Before decompression, in hexadecimal. */
  readonly body: string;
  readonly bytes: number;
  readonly series: readonly ReceivedSeries[];
}

/** What to answer: a status, with headers and a body, or nothing at all. */
export type Reply =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }
  | 'nothing';

export interface Receiver {
  readonly url: string;
  /** In the order in which they came. */
  readonly requests: readonly ReceivedRequest[];
  close(): Promise<void>;
}

export async function startReceiver(
  reply: (request: ReceivedRequest, ordinal: number) => Reply = () => ({ status: 204 }),
): Promise<Receiver> {
  const requests: ReceivedRequest[] = [];
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const body = Buffer.concat(pieces);
    const bytes = uncompress(new Uint8Array(body));
    const received = {
      headers: request.headers,
      body: body.toString('hex'),
      bytes: bytes.length,
      series: decodeWriteRequest(bytes),
    };
    requests.push(received);
    const answer = reply(received, requests.length - 1);
    if (answer === 'nothing') return;
    response.writeHead(answer.status, answer.headers).end(answer.body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1/write`,
    requests,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** One line per sample: `name{label="value"} value @timestamp`. */
export function lineOf({ labels, value, bits, timestampMs }: ReceivedSeries): string {
  const shown = labels.map(([name, text]) => `${name}=${JSON.stringify(text)}`).join();
  return `{${shown}} ${Number.isNaN(value) ? bits : value} @${timestampMs}`;
}

type Field = readonly [number: number, value: bigint | Uint8Array];

function decodeWriteRequest(bytes: Uint8Array): ReceivedSeries[] {
  return [...fieldsOf(bytes)].map(([field, message]) => {
    expect(field).toBe(1);
    const fields = [...fieldsOf(message as Uint8Array)];
    const labels = fields.filter(([number]) => number === 1).map(([, label]) => labelOf(label as Uint8Array));
    const samples = fields.filter(([number]) => number === 2).map(([, sample]) => sample as Uint8Array);
    const histograms = fields.filter(([number]) => number === 4).map(([, histogram]) => histogram as Uint8Array);
    expect(samples.length + histograms.length).toBe(1);
    return { labels, ...(samples[0] === undefined ? histogramOf(histograms[0] as Uint8Array) : sampleOf(samples[0])) };
  });
}

function labelOf(bytes: Uint8Array): readonly [string, string] {
  const texts = Object.fromEntries(
    [...fieldsOf(bytes)].map(([n, text]) => [n, Buffer.from(text as Uint8Array).toString()]),
  );
  return [texts[1] ?? '', texts[2] ?? ''];
}

function sampleOf(bytes: Uint8Array): Omit<ReceivedSeries, 'labels'> {
  const fields = new Map(fieldsOf(bytes));
  const double = fields.get(1) as Uint8Array;
  const view = new DataView(double.buffer, double.byteOffset, 8);
  return {
    value: view.getFloat64(0, true),
    bits: view.getBigUint64(0, true).toString(16),
    timestampMs: Number(BigInt.asIntN(64, fields.get(2) as bigint)),
  };
}

/** A `Histogram`, its spans and deltas put together to buckets again. */
function histogramOf(bytes: Uint8Array): Omit<ReceivedSeries, 'labels'> {
  const fields = [...fieldsOf(bytes)];
  const all = (field: number) => fields.filter(([number]) => number === field).map(([, value]) => value);
  const one = (field: number) => all(field)[0];
  const isWhole = one(1) !== undefined;
  const side = (spans: number, deltas: number, counts: number): NativeBuckets => {
    const indexes: number[] = [];
    let next = 0;
    for (const span of all(spans)) {
      const parts = new Map(fieldsOf(span as Uint8Array));
      next += zigzag(parts.get(1) as bigint);
      for (let i = 0; i < Number(parts.get(2)); i++) indexes.push(next++);
    }
    let count = 0;
    const found = isWhole
      ? all(deltas).map((delta) => (count += zigzag(delta as bigint)))
      : all(counts).map((value) => double(value as Uint8Array));
    return { indexes: Int32Array.from(indexes), counts: Float64Array.from(found) };
  };
  const number = (whole: number, float: number) => (isWhole ? Number(one(whole)) : double(one(float) as Uint8Array));
  const histogram: NativeHistogram = {
    schema: zigzag(one(4) as bigint),
    zeroThreshold: double(one(5) as Uint8Array),
    zeroCount: number(6, 7),
    count: number(1, 2),
    sum: double(one(3) as Uint8Array),
    negative: side(8, 9, 10),
    positive: side(11, 12, 13),
  };
  expect(one(14)).toBeUndefined();
  const timestampMs = Number(BigInt.asIntN(64, one(15) as bigint));
  return { value: Number.NaN, bits: '', timestampMs, histogram };
}

function zigzag(value: bigint): number {
  return Number(value % 2n === 0n ? value / 2n : -(value + 1n) / 2n);
}

function double(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset, 8).getFloat64(0, true);
}

/** The three wire types that the protocol has: varints, doubles, and whatever has a length. */
function* fieldsOf(bytes: Uint8Array): Generator<Field> {
  let position = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[position++] as number;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const take = (length: number): Uint8Array => {
    position += length;
    if (position > bytes.length) throw new Error('A field goes beyond the end of its message.');
    return bytes.subarray(position - length, position);
  };
  while (position < bytes.length) {
    const tag = Number(varint());
    const wire = tag & 7;
    if (wire === 0) yield [tag >> 3, varint()];
    else if (wire === 1) yield [tag >> 3, take(8)];
    else if (wire === 2) yield [tag >> 3, take(Number(varint()))];
    else throw new Error(`There is no wire type ${wire}.`);
  }
}
