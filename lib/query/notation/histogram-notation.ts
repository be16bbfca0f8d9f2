// How a native histogram is written in tests: `{{schema:1 sum:3 count:4 z_bucket:1 buckets:[1 2]}}`. What is left out is 0.
import type { ResetHint } from '../../model/native-histogram.js';
import type { FloatHistogram } from '../histograms/float-histogram.js';
import type { Reader } from './reader.js';

interface Written {
  numbers: Map<string, number>;
  lists: Map<string, readonly number[]>;
  resetHint: ResetHint | undefined;
}

const NUMBERS = ['schema', 'sum', 'count', 'z_bucket_w', 'z_bucket', 'n_offset', 'offset'];
const LISTS = ['n_buckets', 'buckets', 'custom_values'];
const HINTS: readonly ResetHint[] = ['unknown', 'reset', 'not_reset', 'gauge'];

export function readHistogram(reader: Reader): FloatHistogram {
  if (!reader.take('{{')) reader.fail('"{{"');
  const written: Written = { numbers: new Map(), lists: new Map(), resetHint: undefined };
  for (;;) {
    reader.skipBlanks();
    if (reader.take('}}')) return histogramOf(written);
    readField(reader, written);
  }
}

function readField(reader: Reader, written: Written): void {
  const name = reader.match(/[a-z_]+/y) ?? reader.fail('a field of a histogram or "}}"');
  if (!reader.take(':')) reader.fail('":"');
  if (NUMBERS.includes(name)) {
    written.numbers.set(name, reader.number() ?? reader.fail('a number'));
  } else if (LISTS.includes(name)) {
    written.lists.set(name, readList(reader));
  } else if (name === 'counter_reset_hint') {
    const hint = reader.match(/[a-z_]+/y);
    written.resetHint = HINTS.find((known) => known === hint) ?? reader.fail(`one of ${HINTS.join(', ')}`);
  } else {
    reader.fail(`a field of a histogram instead of "${name}"`);
  }
}

function readList(reader: Reader): readonly number[] {
  const values: number[] = [];
  if (!reader.take('[')) reader.fail('"["');
  for (;;) {
    reader.skipBlanks();
    if (reader.take(']')) return values;
    values.push(reader.number() ?? reader.fail('a number or "]"'));
  }
}

function histogramOf({ numbers, lists, resetHint }: Written): FloatHistogram {
  const side = (offset: string, list: string): FloatHistogram['positive'] => {
    const counts = lists.get(list) ?? [];
    const first = numbers.get(offset) ?? 0;
    const kept = counts.map((count, i) => [first + i, count] as const).filter(([, count]) => count !== 0);
    return {
      indexes: Int32Array.from(kept, ([index]) => index),
      counts: Float64Array.from(kept, ([, count]) => count),
    };
  };
  const customBounds = lists.get('custom_values');
  return {
    schema: numbers.get('schema') ?? 0,
    zeroThreshold: numbers.get('z_bucket_w') ?? 0,
    zeroCount: numbers.get('z_bucket') ?? 0,
    count: numbers.get('count') ?? 0,
    sum: numbers.get('sum') ?? 0,
    positive: side('offset', 'buckets'),
    negative: side('n_offset', 'n_buckets'),
    ...(customBounds === undefined ? {} : { customBounds: Float64Array.from(customBounds) }),
    ...(resetHint === undefined ? {} : { resetHint }),
  };
}
