// The walk over families: block after block into chunks, giving up the thread in between, so that a scrape of a million
// series never holds the event loop. The same walk serves every text format.
import { setImmediate } from 'node:timers/promises';
import type { MetricFamily, SeriesBlock } from '../model/family.js';
import { type AcquireChunk, ChunkWriter, freshChunks } from './chunk-writer.js';
import { MultiLineWriter } from './multi-line-writer.js';
import { openMetricsText } from './openmetrics-text.js';
import { prometheusText } from './prometheus-text.js';
import { SingleLineWriter } from './single-line-writer.js';
import type { TextFormat } from './text-format.js';

/** Classic Prometheus text 0.0.4, or OpenMetrics text 1.0. */
export type ExpositionFormat = 'prometheus' | 'openmetrics';

const TEXT_FORMATS: Readonly<Record<ExpositionFormat, TextFormat>> = {
  prometheus: prometheusText,
  openmetrics: openMetricsText,
};

/** How long to encode before others get a turn. */
const BUDGET_MS = 0.5;

export interface EncodeOptions {
  readonly format: ExpositionFormat;
  /** Where chunks come from. By default they are fresh, and what was yielded stays valid for good. */
  readonly acquireChunk?: AcquireChunk;
}

/**
 * Encodes families, live or stored, into chunks of bytes. Families without series are left out.
 *
 * Cost: 25 to 40 ns a line, and one chunk of 256 KB at a time. A block is encoded whole before the thread is given up.
 */
export async function* encodeFamilies(
  families: Iterable<MetricFamily>,
  { format, acquireChunk }: EncodeOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const textFormat = TEXT_FORMATS[format];
  const writer = new ChunkWriter(acquireChunk ?? freshChunks());
  let startedAt = performance.now();
  for (const family of families) {
    let blockWriter: BlockWriter | undefined;
    for (const block of family.blocks()) {
      if (!hasSeries(block)) continue;
      if (blockWriter === undefined) {
        writer.writeText(textFormat.header(family));
        blockWriter = blockWriterFor(writer, textFormat, family);
      }
      blockWriter.writeBlock(block);
      if (writer.hasFull) yield* writer.takeFull();
      if (performance.now() - startedAt > BUDGET_MS) {
        await setImmediate();
        startedAt = performance.now();
      }
    }
  }
  writer.writeText(textFormat.end);
  yield* writer.takeAll();
}

/** The whole exposition as one string. */
export async function encodeToString(families: Iterable<MetricFamily>, format: ExpositionFormat): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const piece of encodeFamilies(families, { format })) text += decoder.decode(piece, { stream: true });
  return text + decoder.decode();
}

interface BlockWriter {
  writeBlock(block: SeriesBlock): void;
}

function blockWriterFor(writer: ChunkWriter, format: TextFormat, family: MetricFamily): BlockWriter {
  const lines = format.lines(family);
  const { descriptor } = family;
  const [first] = lines;
  if (lines.length === 1 && first?.label === undefined)
    return new SingleLineWriter(writer, (first as { name: string }).name);
  const cumulative = descriptor.type === 'histogram' ? descriptor.upperBounds.length + 1 : 0;
  return new MultiLineWriter(writer, { lines, cumulative, hidesNegatives: format.hidesNegatives(family) });
}

function hasSeries({ size, live }: SeriesBlock): boolean {
  return live === undefined ? size > 0 : live.subarray(0, size).indexOf(1) >= 0;
}
