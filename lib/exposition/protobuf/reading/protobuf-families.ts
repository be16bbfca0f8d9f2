// A protobuf exposition from its bytes to families: where messages are told apart, what is wrong gets its place, and the thread is
// given up while there is more to read.
import type { MetricFamily } from '../../../model/family.js';
import type { Pace } from '../../../model/pace.js';
import { Fault } from '../../reading/fault.js';
import type { ExpositionLimits } from '../../reading/limits.js';
import { FamilyMessageReader } from './family-message-reader.js';
import { MessageSplitter, NoMessage } from './message-splitter.js';
import { WireFault } from './wire-reader.js';

/** In faults, a family is a line, and a byte of its message a column. */
export async function* protobufFamilies(
  pieces: AsyncIterable<Uint8Array>,
  limits: ExpositionLimits,
  pace: Pace,
): AsyncGenerator<MetricFamily, void, undefined> {
  const splitter = new MessageSplitter();
  let [size, line, seriesCount] = [0, 1, 0];
  const tooLarge = (limit: keyof ExpositionLimits, column = 1) =>
    new Fault({ kind: 'exposition_too_large', line, column, limit, allowed: limits[limit] });
  const located = (thrown: unknown) => {
    if (thrown instanceof NoMessage) return malformed(line, 1, 'A message begins with its length.');
    if (!(thrown instanceof WireFault)) return thrown;
    const { message, at } = thrown;
    if (Object.hasOwn(limits, message)) return tooLarge(message as keyof ExpositionLimits, at + 1);
    return malformed(line, at + 1, message);
  };
  for await (const piece of pieces) {
    size += piece.byteLength;
    if (size > limits.maxBytes) throw tooLarge('maxBytes');
    splitter.add(piece);
    try {
      for (let message = splitter.next(); message !== undefined; message = splitter.next()) {
        const reader = new FamilyMessageReader(message, limits);
        seriesCount += 1 + reader.seriesCount;
        if (seriesCount > limits.maxSeries) throw tooLarge('maxSeries');
        while (reader.step()) if (pace.look()) await pace.pause();
        yield* reader.families();
        if (pace.look()) await pace.pause();
        line++;
      }
    } catch (thrown) {
      throw located(thrown);
    }
    pace.resume();
  }
  if (splitter.waiting > 0) throw malformed(line, splitter.waiting + 1, 'The exposition ends within a message.');
}

function malformed(line: number, column: number, problem: string): Fault {
  return new Fault({ kind: 'malformed_exposition', line, column, problem });
}
