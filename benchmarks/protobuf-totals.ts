// What an exposition in protobuf adds up to, read field by field with protobufjs: enough to prove that it holds what was
// recorded, and nothing of a decoder's cost for a hundred thousand objects.
import protobuf from 'protobufjs';

const { Reader } = protobuf;
type Reader = protobuf.Reader;

export interface Totals {
  series: number;
  sum: number;
  count: number;
}

/** Field numbers of io.prometheus.client, and what they hold. */
const FAMILY = { name: 1, metric: 4 };
const METRIC = { counter: 3, histogram: 7 };
const VALUE = { counter: 1, count: 1, sum: 2 };

/** The number of series of a family, and what their counters or histograms add up to. */
export function totalsOf(bytes: Uint8Array, name: string): Totals {
  const totals = { series: 0, sum: 0, count: 0 };
  const reader = Reader.create(bytes);
  while (reader.pos < reader.len) {
    const end = reader.uint32() + reader.pos;
    let isWanted = false;
    eachField(reader, end, (field) => {
      if (field === FAMILY.name) isWanted = reader.string() === name;
      else if (field === FAMILY.metric && isWanted) addMetric(reader, totals);
      else return false;
      return true;
    });
  }
  return totals;
}

function addMetric(reader: Reader, totals: Totals): void {
  totals.series++;
  eachField(reader, reader.uint32() + reader.pos, (field) => {
    if (field !== METRIC.counter && field !== METRIC.histogram) return false;
    eachField(reader, reader.uint32() + reader.pos, (inner, wire) => {
      if (field === METRIC.counter && inner === VALUE.counter) totals.sum += reader.double();
      else if (field === METRIC.histogram && inner === VALUE.sum) totals.sum += reader.double();
      else if (field === METRIC.histogram && inner === VALUE.count && wire === 0)
        totals.count += Number(reader.uint64());
      else return false;
      return true;
    });
    return true;
  });
}

/** @param read - Reads the field and answers true, or leaves it to be skipped. */
function eachField(reader: Reader, end: number, read: (field: number, wire: number) => boolean): void {
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (!read(tag >>> 3, tag & 7)) reader.skipType(tag & 7);
  }
}
