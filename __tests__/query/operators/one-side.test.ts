// What is kept of the side on which one series may match.
import { EarliestFailure } from '../../../lib/query/operators/earliest-failure.js';
import { OneSide } from '../../../lib/query/operators/one-side.js';
import { Signature } from '../../../lib/query/operators/signature.js';
import { SeriesBuilder, type StepSeries } from '../../../lib/query/values/step-series.js';

const matching = { cardinality: 'one-to-one', isOn: true, labels: ['x'], include: [] } as const;

function series(y: string, steps: readonly number[]): StepSeries {
  const builder = new SeriesBuilder(4);
  for (const step of steps) builder.setNumber(step, 1);
  return builder.withLabels({ x: '1', y });
}

function sideOf(...all: readonly StepSeries[]): OneSide {
  const side = new OneSide(new Signature(matching), matching);
  for (const one of all) side.add(one);
  return side;
}

function failureOf(side: OneSide, many: StepSeries): unknown {
  const failure = new EarliestFailure();
  side.checkDuplicates(many, failure);
  try {
    failure.throwIfAny();
  } catch (thrown) {
    return (thrown as { error: { problem: string } }).error.problem;
  }
  return undefined;
}

describe('OneSide', () => {
  it('keeps the series of a signature that take turns', () => {
    const side = sideOf(series('1', [0]), series('2', [1, 2]), series('3', [3]));
    expect(side.groupOf(series('', [0]))?.series.map(({ labels }) => labels.y)).toEqual(['1', '2', '3']);
    expect(failureOf(side, series('', [0, 1, 2, 3]))).toBeUndefined();
  });

  it('keeps no series that brings nothing but duplicates, however many come', () => {
    const duplicates = Array.from({ length: 100 }, (_, i) => series(`d${i}`, [0, 1]));
    const side = sideOf(series('1', [0]), series('2', [1]), ...duplicates);
    expect(side.groupOf(series('', [0]))?.series).toHaveLength(2);
  });

  it('names the two that meet first at a step', () => {
    const side = sideOf(series('1', [0]), series('2', [1, 2]), series('3', [2, 3]), series('4', [0, 1, 2, 3]));
    expect(failureOf(side, series('', [0]))).toContain('[{x="1", y="1"}, {x="1", y="4"}]');
    expect(failureOf(side, series('', [1]))).toContain('[{x="1", y="2"}, {x="1", y="4"}]');
    expect(failureOf(side, series('', [2]))).toContain('[{x="1", y="2"}, {x="1", y="3"}]');
    expect(failureOf(side, series('', [3]))).toContain('[{x="1", y="3"}, {x="1", y="4"}]');
  });

  it('has no group for what does not match', () => {
    const side = sideOf(series('1', [0]));
    expect(side.groupOf({ ...series('', [0]), labels: { x: '2' } })).toBeUndefined();
  });
});
