// Writes history as OpenMetrics text with a time stamp on every sample, from which Prometheus makes blocks of its own. The
// format wants the lines of a family together, while files have those of a snapshot together: so families are read in turn, as
// many at once as memory allows.

import { Pace } from '../../../lib/model/pace.js';
import { sampleKinds } from '../../../lib/model/samples.js';
import type { TimeRange } from '../../../lib/model/storage.js';
import type { RowQuery } from '../reading/row-collector.js';
import type { RowResult } from '../reading/row-result.js';
import { readRows, releaseAll } from '../reading/selection.js';
import type { SegmentFolder } from '../segments/folder.js';
import { countFamilies, type ExportSource } from './family-census.js';
import { familyHeader, familyName, RowLines } from './openmetrics-lines.js';

/** As many numbers of several families together; a larger family is read alone, in passes. */
const MOST_TOGETHER = 4 * 1024 * 1024;
const CHUNK_CHARACTERS = 64 * 1024;
/** In steps of `Pace`. */
const STEPS_PER_LINE = 20;

/** Each piece ends with a line; the last one with `# EOF`. */
export async function* exportOpenMetrics(folder: SegmentFolder, range: TimeRange): AsyncGenerator<Uint8Array> {
  const segments = folder.pin(range);
  try {
    let text = '';
    const pace = new Pace();
    for await (const lines of textOf({ folder, segments, range })) {
      text += lines;
      pace.count(STEPS_PER_LINE);
      if (text.length >= CHUNK_CHARACTERS) {
        yield Buffer.from(text);
        text = '';
      }
      if (pace.isDue) await pace.pause();
    }
    yield Buffer.from(`${text}# EOF\n`);
  } finally {
    releaseAll(segments);
  }
}

async function* textOf({ folder, segments, range }: ExportSource): AsyncGenerator<string> {
  for (const names of batchesOf(await countFamilies({ folder, segments, range }))) {
    const isOne = names.size === 1;
    const query: RowQuery = {
      predicates: [],
      // The format has no native histograms: those show what a classic one would.
      kindsOf: sampleKinds,
      range,
      family: (descriptor) => names.has(familyName(descriptor)),
      // Several families were chosen so that they fit: letting go of some series would tear their lines apart.
      ...(isOne ? {} : { mostNumbers: Infinity }),
    };
    let begun = new Set<string>();
    for await (const { rows } of readRows(folder, segments, query)) {
      for (const [name, ofFamily] of byFamily(rows, names)) {
        if (!begun.has(name)) yield familyHeader(name, ofFamily);
        begun = begun.add(name);
        for (const row of ofFamily) yield* new RowLines(row, name);
      }
    }
  }
}

/** Families that are read together, by their names in the order in which they were found. */
function* batchesOf(numbers: ReadonlyMap<string, number>): Generator<ReadonlySet<string>> {
  let batch = new Set<string>();
  let sum = 0;
  for (const [name, count] of numbers) {
    if (batch.size > 0 && sum + count > MOST_TOGETHER) {
      yield batch;
      batch = new Set();
      sum = 0;
    }
    batch.add(name);
    sum += count;
  }
  if (batch.size > 0) yield batch;
}

function byFamily(rows: readonly RowResult[], names: ReadonlySet<string>): ReadonlyMap<string, readonly RowResult[]> {
  const families = new Map<string, RowResult[]>([...names].map((name) => [name, []]));
  for (const row of rows) families.get(familyName(row.descriptor))?.push(row);
  return new Map([...families].filter(([, ofFamily]) => ofFamily.length > 0));
}
