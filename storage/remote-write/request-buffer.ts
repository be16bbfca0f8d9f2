// The bytes of the request that is being filled: `TimeSeries` messages with one sample or histogram each, one behind the other. It knows how
// much a request may hold, and how a sample looks; which samples there are, others know.
// Source: https://prometheus.io/docs/specs/prw/remote_write_spec/#protocol
import { SLACK, viewOf } from '../../lib/exposition/bytes.js';
import {
  FIRST_FIELD,
  int64Bytes,
  SECOND_FIELD,
  varintBytes,
  writeDouble,
  writeInt64,
  writeVarint,
} from '../../lib/exposition/protobuf/wire.js';
import { HistogramMessage } from './histogram-message.js';
import type { LabelSource, SeriesLayout } from './series-layout.js';

export interface RequestLimits {
  readonly maxSamplesPerRequest: number;
  readonly maxBytesPerRequest: number;
}

const FIRST_ROOM = 64 * 1024;
/** A double with its tag, and a time stamp of at most ten bytes with its own. */
const MOST_SAMPLE_BYTES = 2 + 9 + 11;
const VALUE_TAG = 0x09;
const TIMESTAMP_TAG = 0x10;
/** Field 4 of a series, and field 15 of that. */
const HISTOGRAM_FIELD = 0x22;
const HISTOGRAM_TIMESTAMP_TAG = 0x78;

/** Instead of a value: the marker that a series has ended. */
const STALE = 'stale';

export class RequestBuffer {
  samples = 0;
  readonly #limits: RequestLimits;
  #view = viewOf(FIRST_ROOM);
  #position = 0;
  #timeMs = Number.NaN;
  /** The tag and the varint of the time stamp. */
  #timestamp = new Uint8Array(0);
  #sampleBytes = 0;

  constructor(limits: RequestLimits) {
    this.#limits = limits;
  }

  /** The samples that follow are of this time. */
  setTime(timestampMs: number): void {
    if (timestampMs === this.#timeMs) return;
    this.#timeMs = timestampMs;
    const ms = Math.round(timestampMs);
    this.#timestamp = new Uint8Array(1 + int64Bytes(ms)).fill(TIMESTAMP_TAG, 0, 1);
    writeInt64(new DataView(this.#timestamp.buffer), 1, ms);
    this.#sampleBytes = 2 + 1 + 8 + this.#timestamp.length;
  }

  /** Writes a sample with these labels, unless it has to wait for the next request. `ownBytes` are those of its own labels. */
  addSample(
    layout: SeriesLayout,
    source: LabelSource,
    { ownBytes, value }: { ownBytes: number; value: number },
  ): boolean {
    const content = source.layout.fixedBytes + ownBytes + this.#sampleBytes;
    if (!this.#reserve(content)) return false;
    const view = this.#view;
    view.setUint8(this.#position, FIRST_FIELD);
    let position = writeVarint(view, this.#position + 1, content);
    position = layout.writeLabels(view, position, source);
    this.#position = this.#writeSample(position, value);
    this.samples++;
    return true;
  }

  /** Writes the native histogram of a row, unless it has to wait for the next request. */
  addHistogram(layout: SeriesLayout, source: LabelSource, ownBytes: number): boolean {
    const { block, row } = source;
    const message = new HistogramMessage(block, row);
    const bytes = message.bytes + this.#timestamp.length;
    const content = source.layout.fixedBytes + ownBytes + 1 + varintBytes(bytes) + bytes;
    if (!this.#reserve(content)) return false;
    const view = this.#view;
    view.setUint8(this.#position, FIRST_FIELD);
    let position = writeVarint(view, this.#position + 1, content);
    position = layout.writeLabels(view, position, source);
    view.setUint8(position, HISTOGRAM_FIELD);
    position = message.write(view, writeVarint(view, position + 1, bytes));
    view.setUint8(position++, HISTOGRAM_TIMESTAMP_TAG);
    for (let i = 1; i < this.#timestamp.length; i++) view.setUint8(position++, this.#timestamp[i]!);
    this.#position = position;
    this.samples++;
    return true;
  }

  /** Writes the marker that a series has ended, whose labels are these bytes, unless it has to wait for the next request. */
  addStaleMarker(labels: Uint8Array): boolean {
    const content = labels.length + this.#sampleBytes;
    if (!this.#reserve(content)) return false;
    this.#view.setUint8(this.#position, FIRST_FIELD);
    const position = writeVarint(this.#view, this.#position + 1, content);
    new Uint8Array(this.#view.buffer).set(labels, position);
    this.#position = this.#writeSample(position + labels.length, STALE);
    this.samples++;
    return true;
  }

  /** What was written since the last time. Valid until more is written. */
  take(): Uint8Array {
    const bytes = new Uint8Array(this.#view.buffer, 0, this.#position);
    this.samples = 0;
    this.#position = 0;
    return bytes;
  }

  /** Whether the request has room for a series with so many bytes of content; the first one always fits. */
  #reserve(content: number): boolean {
    const end = this.#position + 1 + varintBytes(content) + content;
    const { maxSamplesPerRequest, maxBytesPerRequest } = this.#limits;
    if (this.samples > 0 && (this.samples >= maxSamplesPerRequest || end > maxBytesPerRequest)) return false;
    if (end + SLACK + MOST_SAMPLE_BYTES > this.#view.byteLength) this.#grow(end + MOST_SAMPLE_BYTES);
    return true;
  }

  #grow(bytes: number): void {
    const grown = viewOf(Math.max(bytes, 2 * this.#view.byteLength));
    new Uint8Array(grown.buffer).set(new Uint8Array(this.#view.buffer, 0, this.#position));
    this.#view = grown;
  }

  #writeSample(at: number, value: number | typeof STALE): number {
    const view = this.#view;
    const timestamp = this.#timestamp;
    view.setUint8(at, SECOND_FIELD);
    view.setUint8(at + 1, this.#sampleBytes - 2);
    view.setUint8(at + 2, VALUE_TAG);
    if (value === STALE) writeStaleNaN(view, at + 3);
    else writeDouble(view, at + 3, value);
    for (let i = 0; i < timestamp.length; i++) view.setUint8(at + 11 + i, timestamp[i]!);
    return at + 11 + timestamp.length;
  }
}

// Which NaN it is decides what it means: its bits are written as integers.
// Source: https://pkg.go.dev/github.com/prometheus/prometheus/model/value
function writeStaleNaN(target: DataView, at: number): void {
  target.setUint32(at, 0x0000_0002, true);
  target.setUint32(at + 4, 0x7ff0_0000, true);
}
