// That label text is rendered once and found again, for whom it is kept, and what is never rendered at all.
import { textLabels } from '../../lib/exposition/escape.js';
import { copyLabels, type LabelColumns, labelColumnsOf } from '../../lib/exposition/label-columns.js';
import type { LabelDictionary, SeriesBlock } from '../../lib/model/family.js';

const FRAME = { form: textLabels, before: '{', after: '}', bare: '-' };

/** Counts how often each value is looked at, which rendering it does once. */
class WatchedDictionary implements LabelDictionary {
  readonly reads: string[] = [];
  readonly values: readonly string[];

  constructor(
    readonly name: string,
    readonly known: string[],
  ) {
    this.values = new Proxy(known, {
      get: (target, key) => {
        if (typeof key === 'string' && /^\d+$/.test(key)) this.reads.push(target[Number(key)]!);
        return Reflect.get(target, key);
      },
    });
  }
}

function blockOf(dictionaries: readonly LabelDictionary[], ids: readonly number[], more: Partial<SeriesBlock> = {}) {
  const size = dictionaries.length === 0 ? 1 : ids.length / dictionaries.length;
  return {
    size,
    live: undefined,
    dictionaries,
    labelIds: Int32Array.from(ids),
    constantLabels: [],
    width: 1,
    values: new Float64Array(size),
    createdMs: new Float64Array(size),
    ...more,
  } satisfies SeriesBlock;
}

function textOf(columns: LabelColumns, { labelIds, dictionaries }: SeriesBlock, row: number): string {
  const base = row * dictionaries.length;
  const room = columns.roomOf(labelIds, base);
  const target = new DataView(new ArrayBuffer(room + 8));
  const end = copyLabels(columns, labelIds, base, target, 0);
  expect(end).toBeLessThanOrEqual(room);
  return Buffer.from(target.buffer, 0, end).toString();
}

describe('labelColumnsOf', () => {
  it('renders a value when it is first needed, and never again', () => {
    const dictionary = new WatchedDictionary('a', ['x', 'y', 'unused']);
    const block = blockOf([dictionary], [0, 1, 0]);
    const columns = labelColumnsOf(block, FRAME);
    expect([0, 1, 2].map((row) => textOf(columns, block, row))).toEqual(['{a="x"}', '{a="y"}', '{a="x"}']);
    expect(labelColumnsOf(block, FRAME)).toBe(columns);
    expect(dictionary.reads).toEqual(['x', 'y']);
  });

  it('renders values that were added since', () => {
    const dictionary = new WatchedDictionary('a', ['x']);
    labelColumnsOf(blockOf([dictionary], [0]), FRAME);
    dictionary.known.push('y', 'z');
    const block = blockOf([dictionary], [2, 0]);
    const columns = labelColumnsOf(block, FRAME);
    expect(textOf(columns, block, 0)).toBe('{a="z"}');
    expect(dictionary.reads).toEqual(['x', 'z']);
  });

  it('renders nothing for gaps, whatever their ids', () => {
    const dictionary = new WatchedDictionary('a', ['x', 'y']);
    labelColumnsOf(blockOf([dictionary], [0, 1, 999, -1], { live: Uint8Array.of(1, 0, 0, 0) }), FRAME);
    expect(dictionary.reads).toEqual(['x']);
  });

  it('keeps apart what stands in different frames, behind other labels or beside other constant labels', () => {
    const a = { name: 'a', values: ['x'] };
    const b = { name: 'b', values: ['y'] };
    const constantLabels = [['c', '"']] as const;
    const cases: readonly (readonly [SeriesBlock, typeof FRAME, string])[] = [
      [blockOf([a], [0]), FRAME, '{a="x"}'],
      [blockOf([a], [0]), { ...FRAME, before: 'name{' }, 'name{a="x"}'],
      [blockOf([a, b], [0, 0]), FRAME, '{a="x",b="y"}'],
      [blockOf([b, a], [0, 0]), FRAME, '{b="y",a="x"}'],
      [blockOf([a], [0], { constantLabels }), FRAME, '{a="x",c="\\""}'],
      [blockOf([a], [0]), { ...FRAME, after: '} ' }, '{a="x"} '],
    ];
    for (let round = 0; round < 2; round++) {
      for (const [block, frame, text] of cases) expect(textOf(labelColumnsOf(block, frame), block, 0)).toBe(text);
    }
  });

  it('has a text of its own for series without labels', () => {
    const block = blockOf([], []);
    expect(textOf(labelColumnsOf(block, FRAME), block, 0)).toBe('-');
    const constant = { ...block, constantLabels: [['c', 'd']] as const };
    expect(textOf(labelColumnsOf(constant, FRAME), constant, 0)).toBe('{c="d"}');
  });

  it('forgets old pairs of a dictionary rather than keeping more and more', () => {
    const first = new WatchedDictionary('a', ['x']);
    const pair = (i: number): SeriesBlock => blockOf([first, { name: `b${i}`, values: ['y'] }], [0, 0]);
    const oldest = pair(0);
    labelColumnsOf(oldest, FRAME);
    for (let i = 1; i <= 50; i++) labelColumnsOf(pair(i), FRAME);
    const rendered = first.reads.length;
    labelColumnsOf(oldest, FRAME);
    expect(first.reads.length).toBe(rendered + 1);
  });
});
