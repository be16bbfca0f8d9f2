// Dropping names, with and without keeping series to see whether they are alike.
import { Annotations } from '../../../lib/query/evaluation/annotations.js';
import type { Evaluation } from '../../../lib/query/evaluation/evaluation.js';
import { vectorWithoutNames } from '../../../lib/query/evaluation/without-names.js';
import { parseExpression } from '../../../lib/query/language/parse-expression.js';
import { SeriesBuilder, type StepSeries } from '../../../lib/query/values/step-series.js';

const alike = 'vector cannot contain metrics with the same labelset';

function series(name: string, step: number): StepSeries {
  const builder = new SeriesBuilder(2);
  builder.setNumber(step, 1);
  return builder.withLabels({ __name__: name, x: '1' });
}

/** Tells of each series when it comes, of each that is handed over, and of each pause. */
function evaluationOf(found: readonly StepSeries[], events: string[]): Evaluation {
  const none = async () => undefined;
  return {
    steps: { startMs: 0, stepMs: 1, count: 2 },
    annotations: new Annotations(''),
    vector: async (_, emit) => {
      for (const one of found) {
        events.push(`${one.labels.__name__} came`);
        emit(one);
      }
    },
    sampleTimes: none,
    scalar: async () => new Float64Array(2),
    range: none,
    countSamples: () => undefined,
    pause: () => {
      events.push('paused');
      return Promise.resolve().then(() => void events.push('went on'));
    },
  };
}

async function run(query: string, found: readonly StepSeries[], isStrict = false) {
  const events: string[] = [];
  const expression = parseExpression(query)._unsafeUnwrap();
  const emit = ({ labels }: StepSeries) => events.push(`${JSON.stringify(labels)} handed over`);
  const names = { expression, evaluation: evaluationOf(found, events), emit, isStrict };
  await vectorWithoutNames(names, (one) => (one.labels.__name__ === 'left_out' ? undefined : one));
  return events;
}

describe('vectorWithoutNames', () => {
  it('hands over every series at once where there is one name', async () => {
    expect(await run('a', [series('a', 0), series('left_out', 0)])).toEqual([
      'a came',
      '{"x":"1"} handed over',
      'left_out came',
    ]);
  });

  it('keeps the series where there may be several names, joins what is alike, and pauses', async () => {
    const other = { ...series('c', 0), labels: { __name__: 'c', x: '2' } };
    expect(await run('{x="1"}', [series('a', 0), series('left_out', 0), series('b', 1), other])).toEqual([
      'a came',
      'left_out came',
      'b came',
      'c came',
      '{"x":"1"} handed over',
      'paused',
      'went on',
      '{"x":"2"} handed over',
      'paused',
      'went on',
    ]);
  });

  it('fails where series that are alike have samples at the same step', async () => {
    await expect(run('{x="1"}', [series('a', 0), series('b', 0)])).rejects.toMatchObject({
      error: { kind: 'evaluation_failed', problem: alike },
    });
  });

  it('fails on strict demand where they are alike at all', async () => {
    await expect(run('{x="1"}', [series('a', 0), series('b', 1)], true)).rejects.toMatchObject({
      error: { kind: 'evaluation_failed', problem: alike },
    });
  });
});
