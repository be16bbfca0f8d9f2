// The two ways to read a text: what they answer, where faults are, limits, and sources that fail or come in crumbs.
import { describe as say } from '../../../lib/errors.js';
import { type ExpositionTextFormat, encodeToString } from '../../../lib/exposition/encode.js';
import {
  type ExpositionSource,
  type ParseOptions,
  parseExposition,
  readFamilies,
} from '../../../lib/exposition/reading/parse-exposition.js';
import type { MetricFamily } from '../../../lib/model/family.js';
import { samplesOf } from '../../../lib/model/samples.js';
import { specimens } from '../specimens.js';

jest.setTimeout(60_000);

type TextOptions = ParseOptions & { readonly format: ExpositionTextFormat };
const classic: TextOptions = { format: 'prometheus' };
const strict: TextOptions = { format: 'openmetrics' };

async function errorOf(source: ExpositionSource, options: ParseOptions = classic) {
  return (await parseExposition(source, options))._unsafeUnwrapErr();
}

async function* crumbs(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  const buffer = Buffer.alloc(size);
  // The same memory for each piece, as a socket may do it.
  for (let at = 0; at < bytes.length; at += size) yield buffer.subarray(0, bytes.copy(buffer, 0, at, at + size));
}

async function familiesOf(source: ExpositionSource, options = classic): Promise<MetricFamily[]> {
  const families: MetricFamily[] = [];
  for await (const family of readFamilies(source, options)) families.push(family._unsafeUnwrap());
  return families;
}

describe('parseExposition', () => {
  it('answers a snapshot of the time that it is told', async () => {
    const snapshot = (await parseExposition('a 1\n', { ...classic, timestampMs: 5 }))._unsafeUnwrap();
    expect(snapshot.timestampMs).toBe(5);
    expect((await parseExposition('', classic))._unsafeUnwrap().timestampMs).toBeGreaterThan(1.7e12);
  });

  it.each([1, 2, 3, 7, 64])('reads pieces of %d bytes as the whole', async (size) => {
    for (const { prometheus, openmetrics } of specimens) {
      for (const [text, options] of [
        [prometheus, classic],
        [`${openmetrics}# EOF\n`, strict],
      ] as const) {
        const whole = (await parseExposition(text, options))._unsafeUnwrap();
        const pieces = (await parseExposition(crumbs(text, size), options))._unsafeUnwrap();
        const [expected, actual] = await Promise.all(
          [whole, pieces].map(({ families }) => encodeToString(families, options.format)),
        );
        expect(actual).toBe(expected);
      }
    }
  });

  it.each([
    ['classic text', classic, ''],
    ['OpenMetrics', strict, '# EOF\n'],
  ])('takes a label without a value for none in %s', async (_format, options, end) => {
    const text = `a{b="",c="1"} 1\na{d="",c="2",e=""} 2\na{b="3",c=""} 3\n${end}`;
    const snapshot = (await parseExposition(text, options))._unsafeUnwrap();
    expect([...samplesOf(snapshot)].map(({ labels, value }) => ({ ...labels, value }))).toEqual([
      { c: '1', value: 1 },
      { c: '2', value: 2 },
      { b: '3', value: 3 },
    ]);
    for (const twice of ['a{b=""} 1\na 1\n', 'a{c="1"} 1\na{b="",c="1"} 1\n', 'a{c="1",b=""} 1\na{c="1",d=""} 2\n']) {
      expect(await errorOf(`${twice}${end}`, options)).toMatchObject({
        kind: 'malformed_exposition',
        line: 2,
        column: 1,
      });
    }
    const problem = 'A label stands here for the second time.';
    expect(await errorOf(`a{b="",c="1",b="2"} 1\n${end}`, options)).toMatchObject({ column: 14, problem });
  });

  it('knows a label again whose name stands between quotes', async () => {
    const text = 'a{b="1",ccccc="2"} 1\na{"b"="1","ccccc"="2"} 1\n';
    const problem = 'The same sample of the same series was there before.';
    expect(await errorOf(text)).toMatchObject({ line: 2, problem });
  });

  it('takes a bucket without a bound for no bucket', async () => {
    const text = '# TYPE a histogram\na_bucket{le="1"} 1\na_bucket{le=""} 1\n';
    const problem = 'This sample has to have the label le.';
    expect(await errorOf(text)).toMatchObject({ line: 3, column: 1, problem });
  });

  it.each([
    ['with the name between the braces', 'a{b="1"} 1\n{"a",b="2"} 2\n{"a",b="3"} 3\na{b="4"} 4\n', '1234'],
    ['without labels', 'a{b="1"} 1\na 2\na{b="3"} 3\na{b="34"} 4\n', '1-3,34'],
    [
      'with fewer and more labels',
      'a{b="1",c="2"} 1\na{b="1"} 2\na{b="1",c="3"} 3\na{b="1",c="3",d="4"} 4\n',
      '12,1,13,134',
    ],
    ['with their labels in another order', 'a{b="1",c="2"} 1\na{c="3",b="1"} 2\na{b="3",c="3"} 3\n', '12,13,33'],
    ['with escapes', 'a{b="1\\\\",c="2"} 1\na{b="1\\"",c="2"} 2\na{b="1\\n",c="2"} 3\n', '1\\2,1"2,1\n2'],
    ['of another family', 'a{b="1",c="2"} 1\na_{b="12",c="3"} 2\nb{b="123",c="4"} 3\n', '12,123,1234'],
    ['with blanks', 'a{b="1",c="2"} 1\na{b = "1" ,c="3"} 2\na{b="1",\tc="4",} 3\n', '12,13,14'],
    [
      'with longer and shorter values',
      'a{b="",c="é"} 1\na{b="12345678",c="12"} 2\na{b="1234",c="1 2 3 4"} 3\n',
      ',é,12345678,12,1234,1 2 3 4',
    ],
  ])('reads a line that begins as the one before: %s', async (_what, text, expected) => {
    const snapshot = (await parseExposition(text, classic))._unsafeUnwrap();
    const samples = [...samplesOf(snapshot)].sort((a, b) => a.value - b.value);
    const read = samples.map(({ labels }) => ['b', 'c', 'd'].map((name) => labels[name] ?? '').join('')).join();
    expect(read.replace(/,/g, '')).toBe(expected.replace(/[,-]/g, ''));
  });

  it('keeps times, of points in milliseconds', async () => {
    const old = (await parseExposition('a{b="1"} 1 5\na{b="2"} 2\n', classic))._unsafeUnwrap();
    expect([...[...old.families[0]!.blocks()][0]!.timestampsMs!]).toEqual([5, Number.NaN]);
    const open = (await parseExposition('# TYPE a gauge\na 1 1.001\na 2 2\n# EOF\n', strict))._unsafeUnwrap();
    const [block] = [...open.families[0]!.blocks()];
    expect([[...block!.values], [...block!.timestampsMs!]]).toEqual([
      [1, 2],
      [1001, 2000],
    ]);
  });

  it('keeps exemplars beside the numbers that they belong to', async () => {
    const text =
      '# TYPE h histogram\nh_bucket{le="1.0"} 1\nh_bucket{le="+Inf"} 3 # {trace_id="ä"} 7.5 1.5\n# TYPE a counter\na_total 2 # {} 1\n# EOF\n';
    const { families } = (await parseExposition(text, strict))._unsafeUnwrap();
    const [histogram, counter] = families.map(({ blocks }) => [...blocks()][0]!.exemplars!.get(0)!);
    expect(histogram).toEqual([{ column: 1, labels: { trace_id: 'ä' }, value: 7.5, timestampMs: 1500 }]);
    expect(counter).toEqual([{ column: 0, labels: {}, value: 1, timestampMs: Number.NaN }]);
  });

  it('tells series of one name with other bounds apart, without inventing buckets', async () => {
    const text =
      '# TYPE h histogram\nh_bucket{a="1",le="1"} 1\nh_bucket{a="1",le="+Inf"} 2\nh_count{a="2"} 5\nh_sum{a="2"} 1\nh_sum{a="1"} 1\n';
    const { families } = (await parseExposition(text, classic))._unsafeUnwrap();
    expect(families.map(({ descriptor }) => 'upperBounds' in descriptor && descriptor.upperBounds)).toEqual([[1], []]);
    expect(families.map(({ blocks }) => [...[...blocks()][0]!.values])).toEqual([
      [1, 1, 1],
      [5, 1],
    ]);
  });

  it('does not take a name between quotes for the label of the line before', async () => {
    const text = '{"b",c="1"} 1\n{"b",b="1"} 2\n{b="2","b"} 3\n';
    const { families } = (await parseExposition(text, classic))._unsafeUnwrap();
    const names = [...families[0]!.blocks()].map(({ dictionaries, size }) => [dictionaries[0]!.name, size]);
    expect(names).toEqual([
      ['c', 1],
      ['b', 2],
    ]);
  });

  it('takes labels in any order for the same series', async () => {
    const text = '# TYPE s summary\ns_sum{a="1",b="2"} 3\ns_count{b="2",a="1"} 4\n';
    const { families } = (await parseExposition(text, classic))._unsafeUnwrap();
    expect([...families[0]!.blocks()].map(({ size, values }) => [size, ...values])).toEqual([[1, 3, 4]]);
  });

  it.each<[string, string | Uint8Array, ParseOptions, number, number]>([
    ['the end of a line too early', 'a{b="c"\n', classic, 1, 8],
    ['a value', 'a 1\n  b{c="ü😱"} x\n', classic, 2, 13],
    ['a series that comes twice', 'a{b="c"} 1\n\na{b="c"} 2\n', classic, 3, 1],
    ['a bucket that falls', '# TYPE h histogram\nh_bucket{le="1"} 2\nh_bucket{le="2"} 1\nh_count 1\n', classic, 3, 1],
    ['a text that ends within a line', 'a 1\nb 2', classic, 2, 4],
    ['a missing EOF', '# TYPE a gauge\na 1\n', strict, 3, 1],
    ['bytes that are no UTF-8 in a name', Buffer.from('61ff20310a', 'hex'), classic, 1, 2],
    [
      'the same within quotes',
      Buffer.concat([Buffer.from('a{b="xü'), Buffer.from([0xff]), Buffer.from('"} 1\n')]),
      classic,
      1,
      8,
    ],
    [
      'the same in a comment',
      Buffer.concat([Buffer.from('# x'), Buffer.from([0xc3, 0x28]), Buffer.from('\n')]),
      classic,
      1,
      4,
    ],
    [
      'half of a character',
      Buffer.concat([Buffer.from('a{b="é'), Buffer.from([0xe2, 0x82]), Buffer.from('"} 1\n')]),
      classic,
      1,
      7,
    ],
  ])('says where it is: %s', async (_what, text, options, line, column) => {
    expect(await errorOf(text, options)).toMatchObject({ kind: 'malformed_exposition', line, column });
  });

  it('says in whole sentences what is wrong', async () => {
    expect(say(await errorOf('a{b="c"} x\n'))).toBe(
      'The exposition is malformed at line 1, column 10: A number has to stand here as the value of the sample. Nothing is taken from such a text; correct whoever wrote it, or read it in the format that it is in.',
    );
  });

  it.each<[keyof NonNullable<ParseOptions['limits']>, number, string, number]>([
    ['maxBytes', 10, 'a 1\nb 2\nc 3\n', 1],
    ['maxLineBytes', 10, `a 1\na{b="${'x'.repeat(10)}"} 1\n`, 2],
    ['maxLabels', 2, 'a{b="1",c=""} 1\na{b="2",c="",d=""} 1\n', 2],
    ['maxSeries', 3, 'a{b="1"} 1\na{b="2"} 1\na{b="3"} 1\n', 3],
    ['maxVariants', 2, 'a 1\na{b="1"} 1\na{c="1"} 1\n', 3],
  ])('refuses what exceeds %s', async (limit, allowed, text, line) => {
    const error = await errorOf(text, { ...classic, limits: { [limit]: allowed } });
    expect(error).toMatchObject({ kind: 'exposition_too_large', limit, allowed, line });
    expect(say(error)).toContain(`exceeds ${limit} (${allowed})`);
    expect((await parseExposition(text, { ...classic, limits: { [limit]: allowed * 100 } })).isOk()).toBe(true);
  });

  it('answers the error of a source that fails', async () => {
    async function* failing() {
      yield Buffer.from('a 1\n');
      throw new Error('connection lost');
    }
    const error = await errorOf(failing());
    expect(error).toMatchObject({ kind: 'unreadable_exposition', cause: { message: 'connection lost' } });
    expect(say(error)).toContain('connection lost');
  });

  it.each([
    ['format', 'a 1\n', 'json'],
    ['source', undefined, 'prometheus'],
    ['source', {}, 'prometheus'],
  ])('answers that the %s is none that it reads', async (option, source, format) => {
    const result = await parseExposition(source as string, { format: format as 'prometheus' });
    const error = result._unsafeUnwrapErr();
    expect(error).toMatchObject({
      kind: 'unreadable_exposition',
      cause: { detail: { kind: 'invalid_option', option } },
    });
  });

  it('gives up the thread while it reads', async () => {
    const text = Array.from({ length: 30_000 }, (_, i) => `a{i="${i}"} ${i}\n`).join('');
    let turns = 0;
    let isDone = false;
    const count = () => {
      turns++;
      if (!isDone) setImmediate(count);
    };
    setImmediate(count);
    await parseExposition(text, classic);
    isDone = true;
    expect(turns).toBeGreaterThan(5);
  });
});

describe('readFamilies', () => {
  it('hands out a family as soon as the next one begins', async () => {
    let given = 0;
    async function* lines() {
      for (const line of ['# TYPE a gauge\na 1\n', '# TYPE b gauge\n', 'b 1\n', '# TYPE c gauge\n']) {
        given++;
        yield Buffer.from(line);
      }
    }
    const seen: [string, number][] = [];
    for await (const family of readFamilies(lines(), classic))
      seen.push([family._unsafeUnwrap().descriptor.name, given]);
    expect(seen).toEqual([
      ['a', 2],
      ['b', 4],
    ]);
  });

  it('ends with the first error, after the families before it', async () => {
    const results: string[] = [];
    for await (const family of readFamilies('a 1\nb 1\nc x\nd 1\n', classic)) {
      results.push(
        family.match(
          ({ descriptor }) => descriptor.name,
          ({ kind }) => kind,
        ),
      );
    }
    expect(results).toEqual(['a', 'malformed_exposition']);
  });

  it('closes the source when nobody wants to read on', async () => {
    let isClosed = false;
    async function* endless() {
      try {
        for (let i = 0; ; i++) yield Buffer.from(`a${i} 1\n`);
      } finally {
        isClosed = true;
      }
    }
    for await (const family of readFamilies(endless(), classic))
      if (family._unsafeUnwrap().descriptor.name === 'a3') break;
    expect(isClosed).toBe(true);
  });

  it.each([
    ['a family', 'a{i="1"} 1\nb 1\na{i="2"} 1\n'],
    ['a part of a histogram', '# TYPE a histogram\na_count 1\nb 1\na_sum 1\n'],
    ['what is said of a family', 'a 1\nb 1\n# HELP a x\n'],
  ])('refuses %s that goes on after others, which a whole snapshot can have', async (_what, text) => {
    const results = [];
    for await (const family of readFamilies(text, classic)) results.push(family);
    expect(results.at(-1)!._unsafeUnwrapErr()).toMatchObject({
      kind: 'malformed_exposition',
      line: text.trim().split('\n').length,
    });
    expect((await parseExposition(text, classic)).isOk()).toBe(true);
  });

  it('reads what a whole snapshot has', async () => {
    for (const { prometheus } of specimens) {
      const whole = (await parseExposition(prometheus, classic))._unsafeUnwrap();
      const families = await familiesOf(prometheus);
      expect(await encodeToString(families, 'prometheus')).toBe(await encodeToString(whole.families, 'prometheus'));
    }
  });
});
