// Formats: what is a string is text, and what is a stream is any of them.
import { MetricsCollector } from 'telltale';
import { type ExpositionFormat, type ExpositionTextFormat, encodeFamilies, encodeToString } from 'telltale/exposition';

const metrics = new MetricsCollector();
const format: ExpositionFormat = 'protobuf';
export const stream: AsyncIterable<Uint8Array> = metrics.exposeStream(format);
export const pieces: AsyncIterable<Uint8Array> = encodeFamilies([], { format });

const text: ExpositionTextFormat = 'openmetrics';
export const texts: Promise<string>[] = [metrics.expose(text), encodeToString([], text)];
// @ts-expect-error protobuf is no text
metrics.expose('protobuf');
// @ts-expect-error protobuf is no text
encodeToString([], 'protobuf');
// @ts-expect-error protobuf is no text that could be read
parseExposition('', { format: 'protobuf' });
