// The engine beside a real Prometheus: the same hour of series in both, hundreds of generated expressions asked of both, and the
// answers equal to nine digits. PROMETHEUS_BINARY names another Prometheus than the fetched one, such as a 3.5.
import { QueryEngine } from '../../../../lib/query/query-engine.js';
import { ManualClock } from '../../../../lib/testing/index.js';
import { MemoryStorage, RemoteWriteStorage } from '../../../../storage/index.js';
import { type Prometheus, startPrometheus } from '../../../support/prometheus.js';
import { describeWithServer } from '../../../support/servers.js';
import { type Answer, differences, isEmpty, localAnswer, remoteAnswer } from './answers.js';
import { generateExpression } from './generate-expression.js';
import { Random } from './random.js';
import { INTERVAL_SECONDS, recordedHour, STARTED_MS, TICKS } from './recorded-hour.js';

const SEEDS = [1, 2, 3, 4, 5, 6];
const EXPRESSIONS_PER_SEED = 100;
const DAYS = '1000d';

describeWithServer('prometheus', 'the engine beside a real Prometheus', () => {
  let prometheus: Prometheus;
  let engine: QueryEngine;

  beforeAll(async () => {
    prometheus = await startPrometheus({
      // Also the default step of subqueries.
      scrapeIntervalMs: 60_000,
      args: [`--storage.tsdb.min-block-duration=${DAYS}`, `--storage.tsdb.max-block-duration=${DAYS}`],
      ...(process.env.PROMETHEUS_BINARY === undefined ? {} : { binary: process.env.PROMETHEUS_BINARY }),
    });
    const clock = new ManualClock(STARTED_MS);
    const memory = new MemoryStorage({ clock, retentionSeconds: 7200 });
    const remote = new RemoteWriteStorage({ url: `${prometheus.url}/api/v1/write` });
    for await (const snapshot of recordedHour(clock)) {
      (await memory.write(snapshot))._unsafeUnwrap();
      (await remote.write(snapshot))._unsafeUnwrap();
    }
    (await remote.close())._unsafeUnwrap();
    engine = new QueryEngine(memory, { clock });
  }, 60_000);

  afterAll(() => prometheus.stop());

  it.each(SEEDS)('answers the expressions of seed %i alike', async (seed) => {
    const random = new Random(seed);
    const found: string[] = [];
    let empty = 0;
    for (let i = 0; i < EXPRESSIONS_PER_SEED; i++) {
      const expression = generateExpression(random);
      const question = { expression, ...times(random) };
      const [ours, theirs] = [await localAnswer(engine, question), await remoteAnswer(prometheus, question)];
      if (isEmpty(theirs)) empty++;
      found.push(...told(expression, ours, theirs));
    }
    expect(found).toEqual([]);
    // Expressions that nothing answers prove little.
    expect(empty).toBeLessThan(EXPRESSIONS_PER_SEED / 2);
  });
});

/** Off the grid of the samples and off that of whole seconds; half of them for a range. */
function times(random: Random): { readonly startMs: number; readonly endMs: number; readonly stepMs?: number } {
  const endMs = STARTED_MS - 3_217 + (5 + random.integer(TICKS - 5)) * INTERVAL_SECONDS * 1000 + 11_300;
  if (random.chance(0.5)) return { startMs: endMs, endMs };
  return { startMs: endMs - 1_800_000, endMs, stepMs: random.oneOf([60_000, 37_000, 211_000]) };
}

function told(expression: string, ours: Answer, theirs: Answer): string[] {
  return differences(ours, theirs).map((difference) => `${expression}: ${difference}`);
}
