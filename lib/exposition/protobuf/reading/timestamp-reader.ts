// A moment as protobuf writes it: whole seconds, and nanoseconds within the second.
import { LENGTH, VARINT, type WireReader } from './wire-reader.js';

/** Milliseconds since the epoch, to the microsecond. */
export function timestampOf(wire: WireReader): number {
  wire.expect(LENGTH);
  const { end } = wire;
  wire.end = wire.content();
  let [seconds, nanoseconds] = [0, 0];
  while (wire.next()) {
    if (wire.field === 1 && wire.kind === VARINT) seconds = wire.int64();
    else if (wire.field === 2 && wire.kind === VARINT) nanoseconds = wire.int64();
    else wire.skip();
  }
  wire.end = end;
  return seconds * 1000 + Math.round(nanoseconds / 1000) / 1000;
}
