// From families to the pieces of an exposition: block after block into chunks, giving up the thread in between, so that a
// scrape of a million series never holds the event loop.
import type { Escaping } from '../model/escaping.js';
import type { FamilyDescriptor, MetricFamily } from '../model/family.js';
import { Pace } from '../model/pace.js';
import { hasSeries } from '../model/snapshot.js';
import { checkEscaping, checkFormat, checkTextFormat } from './check-choice.js';
import { type AcquireChunk, ChunkWriter, freshChunks } from './chunk-writer.js';
import { escapedFamilies } from './escaped-families.js';
import { FamilyTexts } from './family-text.js';
import { openMetricsText } from './openmetrics-text.js';
import { prometheusText } from './prometheus-text.js';
import { encodeProtobuf } from './protobuf/encode-protobuf.js';

/** Classic Prometheus text 0.0.4, or OpenMetrics text 1.0. */
export type ExpositionTextFormat = 'prometheus' | 'openmetrics';

/** A text format, or delimited messages of `io.prometheus.client.MetricFamily`. */
export type ExpositionFormat = ExpositionTextFormat | 'protobuf';

const TEXTS: Readonly<Record<ExpositionTextFormat, FamilyTexts>> = {
  prometheus: new FamilyTexts(prometheusText),
  openmetrics: new FamilyTexts(openMetricsText),
};

/** How long to encode before others get their turn. */
const BUDGET_MS = 0.5;

/** The engine keeps strings of up to 128 KiB among its small objects, heads included. */
const STRING_BYTES = 96 * 1024;
const SMALL_STRINGS_BYTES = 2 ** 20;

export interface EncodeOptions {
  readonly format: ExpositionFormat;
  /**
   * Where chunks come from; `CHUNK_BYTES` is a good size for them. By default each is fresh, and what was yielded stays
   * valid for good. Lend one again only when the bytes of the piece in it have been used.
   */
  readonly acquireChunk?: AcquireChunk;
  /** How names beyond the classic rule are shown. Default: `underscores`, because every reader takes that. */
  readonly escaping?: Escaping;
}

/**
 * Encodes families, live or stored, into pieces that each end with a line of text, or with a series in protobuf. Families
 * without series are left out. Read it to its end or leave the loop: a generator that is merely dropped keeps the walk over
 * the families open.
 *
 * Protobuf holds everything that the model has: when series were created, exemplars, native histograms, units. A family
 * there begins with its length, so that its numbers are copied before its first byte: 8 bytes each, for one family at a
 * time.
 *
 * Cost: about 40 ns a line; in protobuf as much for a series, and for one of a histogram half of what its lines take. It
 * gives up the thread between blocks once half a millisecond is used up. Rejects for a family of 2 GiB in protobuf, because
 * no reader would take it.
 *
 * Rejects with a MetricDefinitionError `invalid_option` where there is no such format or escaping.
 * Source: https://prometheus.io/docs/instrumenting/exposition_formats/
 *
 * @example
 * for await (const piece of encodeFamilies(snapshot.families, { format: 'prometheus' })) response.write(piece);
 * // # HELP http_requests_total HTTP requests served
 * // # TYPE http_requests_total counter
 * // http_requests_total{method="GET",status="200"} 1
 */
export async function* encodeFamilies(
  families: Iterable<MetricFamily>,
  { format, acquireChunk, escaping = 'underscores' }: EncodeOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  checkFormat(format);
  checkEscaping(escaping);
  const writer = new ChunkWriter(acquireChunk);
  const pace = new Pace(BUDGET_MS);
  const escaped = escapedFamilies(families, escaping);
  if (format === 'protobuf') yield* encodeProtobuf(escaped, writer, pace);
  else yield* encodeText(escaped, { texts: TEXTS[format], writer, pace });
  yield* writer.takeAll();
}

interface TextEncoding {
  readonly texts: FamilyTexts;
  readonly writer: ChunkWriter;
  readonly pace: Pace;
}

async function* encodeText(
  families: Iterable<MetricFamily>,
  { texts, writer, pace }: TextEncoding,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { between = '', showsEmpty = false, end } = texts.format;
  let shown: FamilyDescriptor | undefined;
  for (const family of families) {
    const { descriptor } = family;
    const text = texts.of(family);
    let begun = false;
    const begin = () => {
      begun = true;
      // Series of one name that differ in their bounds are several families in the model, and one in a text.
      if (shown?.name === descriptor.name && shown.type === descriptor.type) return;
      if (shown !== undefined) writer.writeText(between);
      text.writeHeader(writer);
      shown = descriptor;
    };
    if (showsEmpty) begin();
    for (const block of family.blocks()) {
      if (!hasSeries(block)) continue;
      if (!begun) begin();
      text.writeBlock(block, writer);
      if (writer.hasFull) yield* writer.takeFull();
      if (pace.look()) await pace.pause();
    }
  }
  writer.writeText(end);
}

/** The whole exposition as one string. Costs the string on top; where bytes will do, `encodeFamilies` is faster. */
export async function encodeToString(
  families: Iterable<MetricFamily>,
  format: ExpositionTextFormat,
  { escaping = 'underscores' }: Pick<EncodeOptions, 'escaping'> = {},
): Promise<string> {
  checkTextFormat(format);
  return joined((acquireChunk) => encodeFamilies(families, { format, escaping, acquireChunk }));
}

/** The same in a text format of the caller's own; names are shown as they are. */
export async function encodeTextToString(families: Iterable<MetricFamily>, texts: FamilyTexts): Promise<string> {
  return joined(async function* (acquireChunk) {
    const writer = new ChunkWriter(acquireChunk);
    yield* encodeText(families, { texts, writer, pace: new Pace(BUDGET_MS) });
    yield* writer.takeAll();
  });
}

/** Pieces as one string, read from chunks that are filled again and again. */
async function joined(pieces: (acquire: AcquireChunk) => AsyncIterable<Uint8Array>): Promise<string> {
  const idle: Uint8Array[] = [];
  const fresh = freshChunks();
  let text = '';
  for await (const piece of pieces(() => idle.pop() ?? fresh())) {
    // Many small strings that stay would be moved about by the engine, so that only the beginning of a long text is made of them.
    text += textOf(piece, text.length < SMALL_STRINGS_BYTES ? STRING_BYTES : piece.byteLength);
    idle.push(new Uint8Array(piece.buffer));
  }
  return text;
}

/**
 * The text of a piece whose last character is whole, in strings of so many bytes at most.
 *
 * Cost: 0.15 ns a byte up to `STRING_BYTES`, else up to 0.7 ns: longer strings get memory of their own, new every time.
 */
function textOf(piece: Uint8Array, stringBytes: number): string {
  const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
  let text = '';
  let start = 0;
  while (start < bytes.length) {
    let end = Math.min(start + stringBytes, bytes.length);
    // Not in the middle of a character.
    while (end < bytes.length && ((bytes[end] as number) & 0xc0) === 0x80) end -= 1;
    text += bytes.toString('utf8', start, end);
    start = end;
  }
  return text;
}
