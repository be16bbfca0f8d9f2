// The walk over families in protobuf. It is not the one of text, because a family's length stands before it, and live families
// change as soon as the thread is given up: their numbers are copied while they are measured, and written from the copy.
import type { MetricFamily, SeriesBlock } from '../../model/family.js';
import type { Pace } from '../../model/pace.js';
import { copyBlock, hasSeries } from '../../model/snapshot.js';
import type { ChunkWriter } from '../chunk-writer.js';
import { familyMessageOf } from './family-message.js';

/**
 * Writes families as delimited `MetricFamily` messages and hands over chunks as they are full; the last one is left to
 * the caller. Holds the numbers of one family, 8 bytes each, and none of its bytes.
 */
export async function* encodeProtobuf(
  families: Iterable<MetricFamily>,
  writer: ChunkWriter,
  pace: Pace,
): AsyncGenerator<Uint8Array, void, undefined> {
  for (const family of families) {
    const message = familyMessageOf(family.descriptor);
    const copies: SeriesBlock[] = [];
    let bytes = 0;
    for (const block of family.blocks()) {
      if (!hasSeries(block)) continue;
      const copy = copyBlock(block);
      copies.push(copy);
      bytes += message.blockBytes(copy);
      if (pace.look()) await pace.pause();
    }
    if (copies.length === 0) continue;
    message.writeHeader(bytes, writer);
    for (const copy of copies) {
      message.writeBlock(copy, writer);
      if (writer.hasFull) yield* writer.takeFull();
      if (pace.look()) await pace.pause();
    }
  }
}
