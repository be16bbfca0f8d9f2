// Bodies that mean harm, or that something went wrong with: whatever comes, reading ends with a result, in time that grows with the
// bytes and not with their square, and in bounded memory. Quadratic work would take hours for these: the time limit of the test is
// the bound.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type ExpositionTextFormat, encodeToString } from '../../../lib/exposition/encode.js';
import type { ExpositionLimits } from '../../../lib/exposition/reading/limits.js';
import { parseExposition, readFamilies } from '../../../lib/exposition/reading/parse-exposition.js';
import { specimens } from '../specimens.js';
import { Mutator } from './mutants.js';

jest.setTimeout(120_000);
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const MB = 2 ** 20;
const FORMATS: readonly ExpositionTextFormat[] = ['prometheus', 'openmetrics'];

/** So many lines, each made of its number. */
const lines = (count: number, line: (i: number) => string) => Array.from({ length: count }, (_, i) => line(i)).join('');

async function verdictOf(
  source: string | Uint8Array,
  format: ExpositionTextFormat = 'prometheus',
  isLenient = false,
): Promise<string> {
  const result = await parseExposition(source, { format, limits: { maxSeries: 100_000 }, isLenient });
  if (result.isOk()) return 'ok';
  const { error } = result;
  return error.kind === 'exposition_too_large' ? error.limit : error.kind;
}

/** Its samples, as the format says them that has no rules for them. */
async function samplesOf(read: Awaited<ReturnType<typeof parseExposition>>): Promise<string[]> {
  const text = await encodeToString(read._unsafeUnwrap().families, 'prometheus');
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

describe.each(FORMATS)('damaged texts of %s', (format) => {
  it('are read or refused, each at a place within it', async () => {
    let incomplete = 0;
    const mutator = new Mutator(11);
    const texts = specimens.map((one) => (format === 'prometheus' ? one.prometheus : `${one.openmetrics}# EOF\n`));
    const verdicts = new Set<string>();
    for (let i = 0; i < 2_000; i++) {
      const text = mutator.mutant(mutator.pick(texts));
      const result = await parseExposition(text, { format });
      verdicts.add(result.isOk() ? 'ok' : result.error.kind);
      const lenient = await parseExposition(text, { format, isLenient: true });
      if (result.isOk()) {
        // Nothing is made up for a histogram or a summary that lacks a part, all else is the same.
        const strictly = await samplesOf(result);
        const leniently = await samplesOf(lenient);
        expect(strictly).toEqual(expect.arrayContaining(leniently));
        if (leniently.length < strictly.length) incomplete++;
      }
      for (const read of [result, lenient]) {
        if (read.isOk() || read.error.kind !== 'malformed_exposition') continue;
        const { line, column } = read.error;
        const count = text.split('\n').length;
        if (line > count || column > text.length + 1)
          throw new Error(`${line}:${column} is nowhere in ${JSON.stringify(text)}`);
      }
    }
    expect([...verdicts].sort()).toEqual(['malformed_exposition', 'ok']);
    expect(incomplete).toBeLessThan(50);
  });

  it('are refused wherever they are cut off, or are shorter ones', async () => {
    const text = specimens
      .map((one) => one[format])
      .join('')
      .slice(0, 1500);
    for (let end = 0; end < text.length; end++) {
      const verdict = await verdictOf(text.slice(0, end), format);
      const isWhole = format === 'prometheus' && (end === 0 || text[end - 1] === '\n');
      if (!isWhole) expect(verdict).toBe('malformed_exposition');
    }
  });

  it('may be any bytes', async () => {
    const mutator = new Mutator(12);
    for (let i = 0; i < 1_000; i++) {
      const bytes = Uint8Array.from({ length: mutator.below(200) }, () => mutator.below(256));
      // A byte above 127 at the beginning is part of no name.
      expect(await verdictOf(Buffer.concat([Buffer.from([0x80]), bytes]), format)).toBe('malformed_exposition');
      await verdictOf(bytes, format);
    }
  });
});

describe('hostile texts', () => {
  const label = 'x'.repeat(100);
  it.each<[string, string, () => string]>([
    ['one line again and again', 'malformed_exposition', () => 'x 1\n'.repeat(MB)],
    [
      'one line of a histogram',
      'malformed_exposition',
      () => `# TYPE h histogram\n${'h_bucket{le="1"} 1\n'.repeat(200_000)}`,
    ],
    ['one series at many times', 'ok', () => lines(100_000 - 1, (i) => `x 1 ${i}\n`)],
    ['more series than allowed', 'maxSeries', () => lines(100_001, (i) => `x{a="${i}"} 1\n`)],
    ['a million labels', 'maxLabels', () => `x{${lines(1_000_000, (i) => `a${i}="b",`)}} 1\n`],
    ['a new label in each line', 'maxVariants', () => lines(200_000, (i) => `x{a${i}="b"} 1\n`)],
    ['labels in every order', 'ok', () => lines(50_000, (i) => shuffled(i))],
    [
      'other bounds in each series',
      'maxVariants',
      () => `# TYPE h histogram\n${lines(40_000, (i) => `h_bucket{a="${i}",le="${i}"} 1\nh_count{a="${i}"} 1\n`)}`,
    ],
    [
      'two hundred thousand buckets, the largest first',
      'ok',
      () => `# TYPE h histogram\n${lines(200_000, (i) => `h_bucket{le="${200_000 - i}"} 1\n`)}h_count 1\n`,
    ],
    ['families in turn', 'ok', () => lines(40_000, (i) => `x{i="${i}"} 1\ny{i="${i}"} 1\n`)],
    ['forty thousand families', 'ok', () => lines(40_000, (i) => `# TYPE x${i} histogram\nx${i}_count 1\n`)],
    ['families without samples', 'maxSeries', () => lines(100_001, (i) => `# TYPE x${i} gauge\n`)],
    ['labels without end', 'malformed_exposition', () => 'x{'.repeat(300_000)],
    ['a value without end', 'maxLineBytes', () => `x 0.${'1'.repeat(2 * MB)}\n`],
    ['backslashes in a label', 'ok', () => `x{a="${'\\\\'.repeat(400_000)}"} 1\n`],
    ['backslashes in a help', 'ok', () => `# HELP x ${'\\\\'.repeat(400_000)}\nx 1\n`],
    ['blanks without end', 'ok', () => `${' '.repeat(500_000)}x${' '.repeat(300_000)}1${' '.repeat(100_000)}\n`],
    ['values that share their beginning', 'ok', () => lines(50_000, (i) => `x{a="${label}${i}"} 1\n`)],
    ['empty lines', 'ok', () => '\n'.repeat(8 * MB)],
  ])('end soon: %s', async (_what, expected, make) => {
    expect(await verdictOf(make())).toBe(expected);
  });

  it.each<[string, string, () => string]>([
    ['one line again and again', 'ok', () => 'x 1\n'.repeat(MB)],
    ['one line of a histogram', 'ok', () => `# TYPE h histogram\n${'h_bucket{le="1"} 1\n'.repeat(400_000)}`],
    [
      'the buckets of a histogram again and again',
      'ok',
      () => `# TYPE h histogram\n${lines(400_000, (i) => `h_bucket{le="${i % 1000}"} 1\n`)}`,
    ],
    ['buckets without a bound', 'ok', () => `# TYPE h histogram\n${lines(50_000, (i) => `h_bucket{a="${i}"} 1\n`)}`],
    [
      'series that are no histograms',
      'ok',
      () => `# TYPE h histogram\n${lines(40_000, (i) => `h_bucket{a="${i}",le="1"} 1\nh_sum{a="${i}"} 1\n`)}`,
    ],
    ['more of them than allowed', 'maxSeries', () => `# TYPE h histogram\n${lines(100_001, (i) => `h{a="${i}"} 1\n`)}`],
    ['a last line without end', 'maxLineBytes', () => `x 0.${'1'.repeat(2 * MB)}`],
  ])('end soon where they are read leniently: %s', async (_what, expected, make) => {
    expect(await verdictOf(make(), 'prometheus', true)).toBe(expected);
  });

  it('end at the limit where a line has no end, whatever else is to come', async () => {
    let given = 0;
    async function* endless() {
      for (;;) {
        given += 64 * 1024;
        yield Buffer.alloc(64 * 1024, 'x');
      }
    }
    const limits: Partial<ExpositionLimits> = { maxLineBytes: MB };
    const error = (await parseExposition(endless(), { format: 'openmetrics', limits }))._unsafeUnwrapErr();
    expect(error).toMatchObject({ kind: 'exposition_too_large', limit: 'maxLineBytes' });
    expect(given).toBeLessThan(MB + 2 * 64 * 1024);
  });

  it('take memory for one family at a time', async () => {
    // 32 MB in 80 families.
    async function* text() {
      for (let family = 0; family < 80; family++) {
        yield Buffer.from(lines(10_000, (i) => `family_${family}{name="${i}",other="abcdef"} ${i}\n`));
      }
    }
    const used = () => {
      collectGarbage();
      const { heapUsed, arrayBuffers } = process.memoryUsage();
      return heapUsed + arrayBuffers;
    };
    const before = used();
    let most = 0;
    let count = 0;
    for await (const family of readFamilies(text(), { format: 'prometheus', limits: { maxSeries: 2_000_000 } })) {
      family._unsafeUnwrap();
      if (count++ % 10 === 0) most = Math.max(most, used() - before);
    }
    expect(count).toBe(80);
    expect(most).toBeLessThan(16 * MB);
  });
});

/** A line with six labels in an order that depends on its number. */
function shuffled(i: number): string {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  const mutator = new Mutator(i);
  const order = Array.from({ length: 6 }, () => names.splice(mutator.below(names.length), 1)[0]);
  return `x{${order.map((name) => `${name}="${i}"`).join()}} 1\n`;
}
