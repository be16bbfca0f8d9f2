// How one family looks in protobuf. What follows from its descriptor is worked out once and kept with it, as for text.
import type { FamilyDescriptor, MetricType, SeriesBlock } from '../../model/family.js';
import type { ChunkWriter } from '../chunk-writer.js';
import { unitOf } from '../openmetrics-text.js';
import { HistogramContent } from './histogram-content.js';
import { counterContent, gaugeContent, stateContent, untypedContent } from './number-content.js';
import { NumberMessages } from './number-messages.js';
import { ContentMessages, type SeriesMessages } from './series-messages.js';
import { summaryContent } from './summary-content.js';
import { varintBytes, writeBytes, writeText, writeVarint } from './wire.js';

const NAME = 0x0a;
const HELP = 0x12;
const TYPE = 0x18;
const UNIT = 0x2a;

/** Types by their numbers. What the format does not know is gauges to it, as in classic text. */
const TYPE_NUMBERS: Readonly<Record<MetricType, number>> = {
  counter: 0,
  gauge: 1,
  summary: 2,
  unknown: 3,
  histogram: 4,
  gaugehistogram: 5,
  info: 1,
  stateset: 1,
};

/** Readers refuse messages of 2 GiB and more, as the format does. */
const MOST_BYTES = 2 ** 31 - 1;

const messages = new WeakMap<FamilyDescriptor, FamilyMessage>();

/** What writes a family of this descriptor. */
export function familyMessageOf(descriptor: FamilyDescriptor): FamilyMessage {
  let message = messages.get(descriptor);
  if (message === undefined) {
    message = new FamilyMessage(descriptor);
    messages.set(descriptor, message);
  }
  return message;
}

export class FamilyMessage {
  readonly #name: string;
  readonly #header: DataView;
  /** A series is one message of each. */
  readonly #messages: readonly SeriesMessages[];

  constructor(descriptor: FamilyDescriptor) {
    this.#name = descriptor.name;
    this.#header = headerOf(descriptor);
    this.#messages = messagesOf(descriptor);
  }

  /** How many bytes the series of a block take. */
  blockBytes(block: SeriesBlock): number {
    let bytes = 0;
    for (const message of this.#messages) bytes += message.bytes(block);
    return bytes;
  }

  /**
   * Writes what stands before the series, which take so many bytes.
   *
   * @throws Error when the family is larger than a message may be.
   */
  writeHeader(seriesBytes: number, writer: ChunkWriter): void {
    const bytes = this.#header.byteLength + seriesBytes;
    if (bytes > MOST_BYTES) {
      const reason = `The family ${this.#name} takes ${bytes} bytes as protobuf, where a family may have ${MOST_BYTES}.`;
      throw new Error(`${reason} Give it fewer series, or have it scraped as text.`);
    }
    writer.reserve(varintBytes(bytes) + this.#header.byteLength);
    writer.position = writeVarint(writer.view, writer.position, bytes);
    writer.position = writeBytes(writer.view, writer.position, this.#header);
  }

  writeBlock(block: SeriesBlock, writer: ChunkWriter): void {
    for (const message of this.#messages) message.write(block, writer);
  }
}

function headerOf(descriptor: FamilyDescriptor): DataView {
  const { name, description, type } = descriptor;
  const unit = unitOf(descriptor);
  const texts = [name, description, unit].reduce((sum, text) => sum + 6 + Buffer.byteLength(text), 0);
  const target = new DataView(new ArrayBuffer(texts + 2));
  let position = writeText(target, 0, NAME, name);
  if (description !== '') position = writeText(target, position, HELP, description);
  target.setUint8(position, TYPE);
  target.setUint8(position + 1, TYPE_NUMBERS[type]);
  position += 2;
  if (unit !== '') position = writeText(target, position, UNIT, unit);
  return new DataView(target.buffer.slice(0, position));
}

function messagesOf(descriptor: FamilyDescriptor): readonly SeriesMessages[] {
  switch (descriptor.type) {
    case 'counter':
      return [new NumberMessages(counterContent)];
    case 'histogram':
      return [
        new ContentMessages(
          new HistogramContent(descriptor.upperBounds, { native: !!descriptor.native, created: true }),
        ),
      ];
    case 'gaugehistogram':
      return [new ContentMessages(new HistogramContent(descriptor.upperBounds, { native: false, created: false }))];
    case 'summary':
      return [new ContentMessages(summaryContent(descriptor.quantiles))];
    case 'stateset':
      return descriptor.states.map((state, column) => {
        return new NumberMessages(stateContent(descriptor.name, state, column));
      });
    case 'unknown':
      return [new NumberMessages(untypedContent)];
    default:
      return [new NumberMessages(gaugeContent)];
  }
}
