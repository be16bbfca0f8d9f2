// PromQL written in TypeScript: whatever stands in a part, the expression means what the template says.
import fc from 'fast-check';
import { MemoryStorage, MetricDefinitionError, MetricsCollector } from 'telltale';
import { duration, promql } from 'telltale/alerts';
import { QueryEngine } from 'telltale/query';

const metrics = new MetricsCollector({ names: 'utf8' });
const depth = metrics.gauge('queue_depth', { labelNames: ['queue'] });
const size = metrics.gauge('größe');

describe('promql', () => {
  it('writes instruments as names, strings quoted, durations and numbers as PromQL has them', () => {
    expect(promql`max by (queue) (${depth}{queue=~${'a|b'}} offset ${duration(90)}) > ${1e9}`.text).toBe(
      'max by (queue) (queue_depth{queue=~"a|b"} offset 1m30s) > 1000000000',
    );
    expect(promql`${Number.NaN} + ${Number.NEGATIVE_INFINITY}`.text).toBe('NaN + -Inf');
  });

  it('keeps together what belongs together', () => {
    const sum = promql`${depth} + ${1}`;
    expect(promql`${sum} * ${2}`.text).toBe('(queue_depth + 1) * 2');
    expect(promql`abs(${promql`-${depth}`}) / ${promql`sum(${depth})`}`.text).toBe(
      'abs((-queue_depth)) / sum(queue_depth)',
    );
    // By itself -2 ^ 2 is -4.
    expect(promql`${-2} ^ ${2}`.text).toBe('(-2) ^ 2');
  });

  it('lets no string be anything but a string', async () => {
    const storage = new MemoryStorage();
    const engine = new QueryEngine(storage);
    const hostile = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 20 }),
      fc.stringMatching(/^["'`\\{}()#\n ora-z0-9]{0,20}$/),
    );
    let atMs = Date.now() - 100_000;
    await fc.assert(
      fc.asyncProperty(hostile, async (value) => {
        storage.append({ __name__: 'queue_depth', queue: `${value}x` }, ++atMs, 1);
        const { text } = promql`count(${depth}{queue=${`${value}x`}}) or vector(0)`;
        const answer = (await engine.instant(text))._unsafeUnwrap();
        expect(answer.type === 'vector' && answer.samples.map((sample) => sample.value)).toEqual([1]);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['a part within a string', () => promql`${depth}{queue="${'x'}"}`, 'within a string'],
    ['a part within a comment', () => promql`${depth} # ${'x'}`, 'within a string or a comment'],
    ['what is no PromQL', () => promql`${depth} >`, 'line 1, column 14'],
    ['a range of what has none', () => promql`${promql`${depth} + 1`}[5m]`, 'ranges only allowed'],
    ['a name that needs braces', () => promql`${size} > 1`, 'written in braces'],
    ['a name that is none', () => promql`${{ name: 'a} or b' }}`, 'written in braces'],
    ['a part that was forgotten', () => promql`${undefined as never} > 1`, 'undefined'],
    ['a part that is nothing', () => promql`${null as never} > 1`, 'null'],
    ['a part of another kind', () => promql`${{} as never} > 1`, 'Give an instrument'],
    ['a duration of nothing', () => duration(0), 'a millisecond or more'],
    ['a duration without an end', () => duration(Number.POSITIVE_INFINITY), 'a millisecond or more'],
  ])('refuses %s', (_, write, problem) => {
    expect(write).toThrow(MetricDefinitionError);
    expect(write).toThrow(problem);
  });
});
