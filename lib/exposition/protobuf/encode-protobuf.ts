// The walk over families in protobuf. It is not the one of text, because a family's length stands before it, and live families
// change as soon as the thread is given up: their numbers are copied while they are measured, and written from the copy.
import type { MetricFamily, SeriesBlock } from '../../model/family.js';
import type { Pace } from '../../model/pace.js';
import { hasSeries } from '../../model/snapshot.js';
import type { ChunkWriter } from '../chunk-writer.js';
import { type FamilyMessage, familyMessageOf } from './family-message.js';
import { borrowCopy, giveBack } from './number-copies.js';

/** A block that stays as it is, and how its series are written. */
interface MeasuredBlock {
  readonly block: SeriesBlock;
  readonly message: FamilyMessage;
}

/**
 * Writes families as delimited `MetricFamily` messages and hands over chunks as they are full; the last one is left to
 * the caller. Holds the numbers of one family, 8 bytes each, and none of its bytes.
 */
export async function* encodeProtobuf(
  families: Iterable<MetricFamily>,
  writer: ChunkWriter,
  pace: Pace,
): AsyncGenerator<Uint8Array, void, undefined> {
  for (const family of joined(families)) {
    const measured: MeasuredBlock[] = [];
    let bytes = 0;
    for (const one of family) {
      const message = familyMessageOf(one.descriptor);
      for (const live of one.blocks()) {
        if (!hasSeries(live)) continue;
        const block = borrowCopy(live);
        measured.push({ block, message });
        bytes += message.blockBytes(block);
        if (pace.look()) await pace.pause();
      }
    }
    measured[0]?.message.writeHeader(bytes, writer);
    for (const { block, message } of measured) {
      message.writeBlock(block, writer);
      giveBack(block);
      if (writer.hasFull) yield* writer.takeFull();
      if (pace.look()) await pace.pause();
    }
  }
}

/** Series of one name that differ in their bounds are several families in the model, and one message. */
function* joined(families: Iterable<MetricFamily>): Generator<readonly MetricFamily[]> {
  let run: MetricFamily[] = [];
  for (const family of families) {
    const { name, type } = family.descriptor;
    const first = run[0]?.descriptor;
    if (first !== undefined && !(first.name === name && first.type === type)) {
      yield run;
      run = [];
    }
    run.push(family);
  }
  if (run.length > 0) yield run;
}
