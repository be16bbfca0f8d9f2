// Reads Prometheus text, OpenMetrics and protobuf into the model: a whole exposition into a snapshot, or family by family. Where
// results are made of faults, and where the thread is given up while a long text is being read.
import { err, ok, type Result, ResultAsync } from 'neverthrow';
import { type ExpositionParseError, MetricDefinitionError } from '../../errors.js';
import type { MetricFamily, Snapshot } from '../../model/family.js';
import { Pace } from '../../model/pace.js';
import { checkFormat } from '../check-choice.js';
import type { ExpositionFormat } from '../encode.js';
import { protobufFamilies } from '../protobuf/reading/protobuf-families.js';
import { LINE_FEED } from './characters.js';
import { ExpositionReader } from './exposition-reader.js';
import { FamilyAssembly } from './family-assembly.js';
import { Fault } from './fault.js';
import { DEFAULT_LIMITS, type ExpositionLimits } from './limits.js';
import { LineSplitter, type Lines } from './line-splitter.js';

/** A text, as a whole or in pieces that end anywhere, even within a character. */
export type ExpositionSource = string | Uint8Array | AsyncIterable<Uint8Array>;

export interface ReadOptions {
  readonly format: ExpositionFormat;
  /** What the text may cost at most; those that are not given have their defaults. */
  readonly limits?: Partial<ExpositionLimits>;
  /** Takes texts that break rules of their format as far as Prometheus does, as `parseExposition` says; false by default. */
  readonly isLenient?: boolean;
}

export interface ParseOptions extends ReadOptions {
  /** The time of the snapshot, in milliseconds since the epoch; now by default. */
  readonly timestampMs?: number;
}

/**
 * Reads a text in Prometheus format 0.0.4 or in OpenMetrics 1.0, or delimited protobuf messages, into a snapshot. It is strict:
 * whatever breaks a rule of the format refuses the whole text, with the line and the column; of protobuf, each family is a line and
 * its bytes are the columns. It is not a validator of names and habits; `promtool` is one.
 *
 * - Families whose series differ in their bounds, quantiles or states become several families of one name.
 * - In classic text the lines of a family may be anywhere, and a histogram is told by its `# TYPE` line.
 * - A label without a value is none, as Prometheus has it: `a{b=""}` and `a` are the same series, which may not be there twice.
 * - What a text does not tell is NaN: times of creation, the sum of a histogram, a quantile.
 * - With `isLenient`, texts are taken that Prometheus takes as well: of samples that are there twice the first one counts, families
 *   and their comment lines come in any order and more than once, the last line feed may be missing, and a backslash may begin no
 *   escape. Samples that are none of their family, such as `h 1` of a histogram, and those of a histogram or a summary that lacks a
 *   part or does not add up, are in families of their own, of the type unknown and under the names of the samples: nothing is made
 *   up but the sum of a histogram that has none, which is NaN.
 * - Protobuf brings native histograms, of which the model has no gauge histograms, and exemplars, which are not read.
 *
 * @returns `malformed_exposition`, `exposition_too_large`, or `unreadable_exposition` where the source fails or an option is
 *   invalid; it never rejects.
 *
 * Cost: 4–10 ns a byte. It gives up the thread every 1.5 ms.
 * Source: https://prometheus.io/docs/instrumenting/exposition_formats/
 *
 * @example
 * const snapshot = await parseExposition('# TYPE jobs_total counter\njobs_total{queue="mail"} 3\n', { format: 'prometheus' });
 * for (const { name, labels, value } of samplesOf(snapshot._unsafeUnwrap())) console.log(name, labels, value);
 * // jobs_total { queue: 'mail' } 3
 */
export function parseExposition(
  source: ExpositionSource,
  options: ParseOptions,
): ResultAsync<Snapshot, ExpositionParseError> {
  return new ResultAsync(wholeSnapshot(source, options));
}

/**
 * Reads a text as `parseExposition` does, but hands out each family once it is complete, and then forgets it: memory is bounded by
 * the largest one. The first error is the last thing that it yields. Families that go on after others have begun, which classic
 * text forbids and many readers accept, are such an error.
 *
 * @example
 * for await (const family of readFamilies(response.body, { format: 'openmetrics' })) {
 *   if (family.isErr()) throw new Error(describe(family.error));
 *   console.log(family.value.descriptor.name);
 * }
 */
export async function* readFamilies(
  source: ExpositionSource,
  options: ReadOptions,
): AsyncGenerator<Result<MetricFamily, ExpositionParseError>, void, undefined> {
  try {
    for await (const family of familiesIn(source, options, false)) yield ok(family);
  } catch (thrown) {
    yield err(errorOf(thrown));
  }
}

async function wholeSnapshot(
  source: ExpositionSource,
  options: ParseOptions,
): Promise<Result<Snapshot, ExpositionParseError>> {
  try {
    const { timestampMs = Date.now() } = options;
    const families: MetricFamily[] = [];
    for await (const family of familiesIn(source, options, true)) families.push(family);
    return ok({ timestampMs, families });
  } catch (thrown) {
    return err(errorOf(thrown));
  }
}

/** Whatever is not a fault of the text came from where it is read. */
function errorOf(thrown: unknown): ExpositionParseError {
  return thrown instanceof Fault ? thrown.error : { kind: 'unreadable_exposition', cause: thrown };
}

async function* familiesIn(
  source: ExpositionSource,
  options: ReadOptions,
  isWhole: boolean,
): AsyncGenerator<MetricFamily, void, undefined> {
  const { format, isLenient = false } = options;
  checkFormat(format);
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const pace = new Pace();
  if (format === 'protobuf') {
    yield* protobufFamilies(piecesOf(source), limits, pace);
    return;
  }
  const reader = new ExpositionReader({ format, limits, isLenient }, isWhole);
  const splitter = new LineSplitter();
  let size = 0;
  for await (const piece of piecesOf(source)) {
    size += piece.byteLength;
    if (size > limits.maxBytes) throw reader.tooLarge('maxBytes');
    for (const lines of splitter.add(piece)) yield* familiesOf(lines, reader, pace);
    if (splitter.length > limits.maxLineBytes) throw reader.tooLarge('maxLineBytes');
    pace.resume();
  }
  if (isLenient && format === 'prometheus' && splitter.length > 0) {
    for (const lines of splitter.add(Uint8Array.of(LINE_FEED))) yield* familiesOf(lines, reader, pace);
  }
  reader.end(splitter.begun);
  yield* completeFamilies(reader, pace);
}

/** The families that lines complete, those before a fault among them. */
async function* familiesOf(
  lines: Lines,
  reader: ExpositionReader,
  pace: Pace,
): AsyncGenerator<MetricFamily, void, undefined> {
  let at = lines.from;
  while (at < lines.to) {
    try {
      at = reader.read(lines, at);
    } catch (fault) {
      yield* completeFamilies(reader, pace);
      throw fault;
    }
    yield* completeFamilies(reader, pace);
    if (pace.look()) await pace.pause();
  }
}

async function* completeFamilies(reader: ExpositionReader, pace: Pace): AsyncGenerator<MetricFamily, void, undefined> {
  for (const family of reader.takeComplete()) {
    if (family.columns === undefined) continue;
    const assembly = new FamilyAssembly(family, family.columns, reader.context);
    while (assembly.step()) if (pace.look()) await pace.pause();
    yield* assembly.families();
  }
}

async function* piecesOf(source: ExpositionSource): AsyncGenerator<Uint8Array, void, undefined> {
  if (typeof source === 'string') yield Buffer.from(source);
  else if (source instanceof Uint8Array) yield source;
  else if (isIterable(source)) yield* source;
  else {
    const rule = 'Give a string, a Uint8Array, or something that hands out such pieces.';
    throw new MetricDefinitionError({ kind: 'invalid_option', option: 'source', value: String(source), rule });
  }
}

function isIterable(source: unknown): boolean {
  return typeof source === 'object' && source !== null && (Symbol.asyncIterator in source || Symbol.iterator in source);
}
