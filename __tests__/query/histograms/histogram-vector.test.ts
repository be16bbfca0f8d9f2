// Vectors with classic and native histograms, told apart, grouped, and left out where they are both.
import { Annotations } from '../../../lib/query/evaluation/annotations.js';
import type { Evaluation } from '../../../lib/query/evaluation/evaluation.js';
import { readHistograms } from '../../../lib/query/histograms/histogram-vector.js';
import type { Expression } from '../../../lib/query/language/expression.js';
import { SeriesBuilder, type StepSeries } from '../../../lib/query/values/step-series.js';
import { histogram } from './histogram.js';

const expression: Expression = { kind: 'selector', matchers: [], offsetMs: 0, position: { start: 0, end: 1 } };

type Given = number | 'native' | undefined;

/** A vector that is there already: labels, and what a series has at each step. */
function evaluationOf(...given: (readonly [Record<string, string>, Given[]])[]): Evaluation {
  const refuse = (): never => {
    throw new Error('not part of this');
  };
  return {
    steps: { startMs: 0, stepMs: 1, count: 2 },
    annotations: new Annotations('m'),
    vector: async (_, emit) => {
      for (const [labels, samples] of given) {
        const builder = new SeriesBuilder(2);
        samples.forEach((sample, step) => {
          if (sample === 'native') builder.setHistogram(step, histogram({ 1: 1 }));
          else if (sample !== undefined) builder.setNumber(step, sample);
        });
        builder.emitTo(emit, labels);
      }
    },
    sampleTimes: refuse,
    scalar: refuse,
    range: refuse,
    countSamples: refuse,
    pause: () => undefined,
  };
}

/** What was read, by labels: the classic ones show their fraction up to 1, the native ones their count. */
async function read(evaluation: Evaluation): Promise<Record<string, (number | undefined)[]>> {
  const found: StepSeries[] = [];
  const reading = {
    expression,
    nativePosition: expression.position,
    ofNative: ({ count }: { readonly count: number }) => count,
    ofClassic: (buckets: { fraction(range: { lower: number; upper: number }): number }) =>
      buckets.fraction({ lower: -Infinity, upper: 1 }),
  };
  await readHistograms(reading, evaluation, (series) => found.push(series));
  const shown = found.map(({ labels, kinds, values }): [string, (number | undefined)[]] => [
    JSON.stringify({ ...labels }),
    Array.from(kinds, (kind, step) => (kind === 0 ? undefined : values[step])),
  ]);
  expect(new Set(shown.map(([labels]) => labels)).size).toBe(shown.length);
  return Object.fromEntries(shown);
}

describe('readHistograms', () => {
  it('groups the buckets of a classic histogram, in whatever order they come, and drops its name', async () => {
    const evaluation = evaluationOf(
      [{ __name__: 'a', le: '+Inf', job: 'x' }, [4, 8]],
      [{ __name__: 'a', le: '+Inf', job: 'y' }, [2, 2]],
      [{ __name__: 'a', le: '1', job: 'x' }, [1, 6]],
      [{ __name__: 'a', le: '1', job: 'y' }, [1, undefined]],
    );
    expect(await read(evaluation)).toEqual({ '{"job":"x"}': [0.25, 0.75], '{"job":"y"}': [0.5, Number.NaN] });
    expect(evaluation.annotations.notes()).toEqual({ warnings: [], infos: [] });
  });

  it('reads native histograms one by one', async () => {
    expect(await read(evaluationOf([{ __name__: 'a', job: 'x' }, [undefined, 'native']]))).toEqual({
      '{"job":"x"}': [undefined, 1],
    });
  });

  it('leaves out a histogram that is both at a step, and warns of it', async () => {
    const evaluation = evaluationOf(
      [{ __name__: 'a', le: '1', job: 'x' }, [1, 1]],
      [{ __name__: 'a', job: 'x' }, ['native', undefined]],
      [{ __name__: 'a', le: '+Inf', job: 'x' }, [2, 2]],
      [{ __name__: 'a', job: 'y' }, ['native', 'native']],
    );
    expect(await read(evaluation)).toEqual({ '{"job":"x"}': [undefined, 0.5], '{"job":"y"}': [1, 1] });
    expect(evaluation.annotations.notes().warnings).toEqual([
      'PromQL warning: vector contains a mix of classic and native histograms for metric name "a" (1:1)',
    ]);
  });

  it('leaves out numbers whose bucket is unknown, and warns of them', async () => {
    const evaluation = evaluationOf([{ __name__: 'a', le: 'x' }, [1, 1]], [{ __name__: 'b' }, [1, 'native']]);
    expect(await read(evaluation)).toEqual({ '{}': [undefined, 1] });
    expect(evaluation.annotations.notes().warnings).toEqual([
      'PromQL warning: bucket label "le" is missing or has a malformed value of "x" for metric name "a" (1:1)',
      'PromQL warning: bucket label "le" is missing or has a malformed value of "" for metric name "b" (1:1)',
    ]);
  });
});
