// What the field offers at a place in a query that is being typed; the bar stands for the cursor.
import { builtIns, completionAt, rankSuggestions } from '../../../lib/dashboard/page/completion.js';

function at(marked: string) {
  const cursor = marked.indexOf('|');
  return completionAt(marked.replace('|', ''), cursor);
}

describe('completionAt', () => {
  it.each([
    ['http_re|', { kind: 'name', from: 0, prefix: 'http_re' }],
    ['sum(rate(http|[5m]))', { kind: 'name', from: 9, prefix: 'http' }],
    ['sum by (ro|) (x)', { kind: 'label', from: 8, prefix: 'ro' }],
    ['a / on(|', { kind: 'label', from: 7, prefix: '' }],
    ['up{jo|}', { kind: 'label', from: 3, prefix: 'jo', metric: 'up' }],
    ['up{job="x",|', { kind: 'label', from: 11, prefix: '', metric: 'up' }],
    ['up{job="a|"}', { kind: 'value', from: 8, prefix: 'a', label: 'job', metric: 'up' }],
    ["up{a='}\\'', job=~'|", { kind: 'value', from: 18, prefix: '', label: 'job', metric: 'up' }],
  ])('sees what is meant in %s', (marked, completion) => {
    expect(at(marked)).toEqual(completion);
  });

  it.each(['rate(x[5|', '|', '"text|', '1 + 2|'])('offers nothing in %s', (marked) => {
    expect(at(marked)).toBeUndefined();
  });
});

describe('rankSuggestions', () => {
  it('puts what begins so before what has it inside, and leaves out what is typed already', () => {
    const ranked = rankSuggestions(
      ['sum_rate', 'rate', 'rated', 'irate'].map((text) => ({ text, detail: '' })),
      'rate',
    );
    expect(ranked.map(({ text }) => text)).toEqual(['rated', 'sum_rate', 'irate']);
  });
});

describe('builtIns', () => {
  it('are the stable functions, aggregations and keywords', () => {
    const names = builtIns.map(({ text }) => text);
    expect(names).toEqual(expect.arrayContaining(['rate', 'histogram_quantile', 'topk', 'group_left']));
    expect(names).not.toContain('mad_over_time');
  });
});
