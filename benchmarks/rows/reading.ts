// Reading texts back into snapshots: bytes of Prometheus text as a scrape brings them. No other library of the table reads any. What
// stands beside it is a reader of a dozen lines that takes each line apart with regular expressions, checks nothing and keeps
// strings. The targets are numbers: 10 ns a byte are 100 MB a second.
import { describe } from 'telltale';
import { parseExposition } from 'telltale/exposition';
import { filledCollector, type Kind } from '../filled-family.js';
import { limit, type Row } from '../harness/row.js';
import { type Contender, timed } from '../harness/timing.js';
import { requestsOf } from '../workload.js';

const SERIES = 10_000;
const MOST_NS_PER_BYTE = 10;

async function textOf(kind: Kind): Promise<Buffer> {
  const family = filledCollector(kind, requestsOf(SERIES)).recordAll();
  const pieces: Uint8Array[] = [];
  for await (const piece of family.library.exposeStream('prometheus')) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** Reads the text once per pass, and has to find as many series of the family as there are. */
function reader(text: Buffer): Contender {
  let series = 0;
  return {
    library: 'telltale',
    run: async (passes) => {
      for (let pass = 0; pass < passes; pass++) {
        const snapshot = await parseExposition(text, { format: 'prometheus' });
        if (snapshot.isErr()) throw new Error(describe(snapshot.error));
        const family = snapshot.value.families.find(({ descriptor }) => descriptor.name.startsWith('requests'));
        series = [...(family?.blocks() ?? [])].reduce((sum, { size }) => sum + size, 0);
      }
    },
    check: () => {
      if (series !== SERIES) throw new Error(`${series} series were read instead of ${SERIES}.`);
    },
  };
}

const SAMPLE = /^([^{ ]+)(?:\{(.*)\})? ([^ ]+)$/;
const LABEL = /([^=,]+)="((?:[^"\\]|\\.)*)"/g;

/** As it is mostly done: an object for each line and for its labels. */
function readByHand(text: string): Map<string, number> {
  const values = new Map<string, number>();
  for (const line of text.split('\n')) {
    const sample = SAMPLE.exec(line);
    if (sample === null || line.startsWith('#')) continue;
    const labels: Record<string, string> = {};
    for (const [, name = '', value = ''] of (sample[2] ?? '').matchAll(LABEL)) labels[name] = value;
    values.set(`${sample[1]}${JSON.stringify(labels)}`, Number(sample[3]));
  }
  return values;
}

function byHand(text: Buffer): Contender {
  let values = new Map<string, number>();
  return {
    library: 'by hand',
    run: (passes) => {
      for (let pass = 0; pass < passes; pass++) values = readByHand(text.toString());
    },
    check: () => {
      if (values.size < SERIES)
        throw new Error(`${values.size} samples were read by hand: fewer than there are series.`);
    },
  };
}

/** Operations of a row are bytes, which are known once there is a text. */
function readingRow(id: string, title: string, kind: Kind): Row {
  const targets = [limit(MOST_NS_PER_BYTE)];
  const row = { id, title, targets };
  return {
    ...timed({ ...row, operations: 1, contenders: () => [] }),
    measure: async (effort) => {
      const text = await textOf(kind);
      return timed({ ...row, operations: text.length, contenders: () => [reader(text), byHand(text)] }).measure(effort);
    },
  };
}

export const readingRows: readonly Row[] = [
  readingRow('read-10k-counters', 'text of 10k counters read back (per byte)', 'counter'),
  readingRow('read-histogram', 'text of a histogram, 10k series × 14 lines, read back (per byte)', 'histogram'),
];
