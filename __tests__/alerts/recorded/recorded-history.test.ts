// What rules record, asked again in PromQL: at once, and after a restart.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { QueryEngine } from 'telltale/query';
import { ManualClock } from 'telltale/testing';
import { RecordedHistory } from '../../../lib/alerts/recorded/recorded-history.js';
import { RecordedSeries } from '../../../lib/alerts/recorded/recorded-series.js';
import { TargetHistory } from '../../../lib/watch/history/target-history.js';

const clock = new ManualClock();
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'recorded-'));
});
afterAll(() => rm(directory, { recursive: true }));

async function open(): Promise<{ history: TargetHistory; recorded: RecordedHistory; engine: QueryEngine }> {
  const opened = await TargetHistory.open('rules', {
    memorySeconds: 3600,
    memoryBytes: 2 ** 24,
    directory,
    fileBytes: 2 ** 24,
    remoteWriteUrl: undefined,
    remoteQueueBytes: 2 ** 24,
    clock,
    onError: (error) => {
      throw new Error(error.kind);
    },
  });
  const history = opened._unsafeUnwrap();
  const recorded = new RecordedHistory(history);
  return { history, recorded, engine: new QueryEngine(recorded, { clock }) };
}

async function shown(engine: QueryEngine, expression: string): Promise<unknown[]> {
  const answer = (await engine.instant(expression))._unsafeUnwrap();
  if (answer.type !== 'vector') throw new Error(answer.type);
  return answer.samples.map(({ labels, value }) => [{ ...labels }, value]);
}

const alert = { __name__: 'ALERTS', alertname: 'Down', alertstate: 'firing' };
const rate = (instance: string) => ({ __name__: 'job:requests:rate5m', instance });

describe('RecordedHistory', () => {
  it('shows what was recorded at once, and after a restart what had not ended', async () => {
    const before = await open();
    before.recorded.append(alert, clock.now(), 1);
    before.recorded.append(rate('a'), clock.now(), 0.5);
    before.recorded.append(rate('b'), clock.now(), 2);
    await before.recorded.flush();
    clock.advance(15);
    before.recorded.append(rate('a'), clock.now(), 0.75);
    before.recorded.append(rate('b'), clock.now(), 3);
    before.recorded.appendEnd(alert, clock.now());
    const now = [
      [rate('a'), 0.75],
      [rate('b'), 3],
    ];
    expect(await shown(before.engine, '{__name__=~".+"}')).toEqual(now);
    await before.recorded.flush();
    await before.history.close();

    const after = await open();
    expect(await shown(after.engine, '{__name__=~".+"}')).toEqual(now);
    expect(await shown(after.engine, 'ALERTS offset 15s')).toEqual([[alert, 1]]);
    await after.history.close();
  });

  it('keeps histograms in memory', async () => {
    const { history, recorded, engine } = await open();
    const histogram = {
      schema: 0,
      zeroThreshold: 0,
      zeroCount: 0,
      count: 3,
      sum: 4,
      positive: { indexes: Int32Array.of(1), counts: Float64Array.of(3) },
      negative: { indexes: new Int32Array(0), counts: new Float64Array(0) },
    };
    // Until memory reaches back as far as a query looks, the files are asked.
    clock.advance(301);
    recorded.appendHistogram({ __name__: 'h' }, clock.now(), histogram);
    expect(await shown(engine, 'histogram_count(h)')).toEqual([[{}, 3]]);
    await history.close();
  });
});

describe('RecordedSeries', () => {
  it('hands on the same label columns as long as the same series are there', () => {
    const series = new RecordedSeries();
    const ids = () => [...series.snapshot().families[0]!.blocks()][0]!.labelIds;
    series.set(rate('a'), 1, 1);
    const before = ids();
    series.set(rate('a'), 2, 5);
    expect(ids()).toBe(before);
    series.set(rate('b'), 2, 5);
    expect(ids()).not.toBe(before);
    expect(series.snapshot().timestampMs).toBe(2);
  });
});
