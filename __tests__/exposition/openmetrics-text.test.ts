// The OpenMetrics text of every type, whole, and that the strict reference parser accepts all of it.
import { encodeToString } from '../../lib/exposition/encode.js';
import { familyOf } from '../support/families.js';
import { JUDGE_COMPONENTS, type OpenMetricsJudge, startOpenMetricsJudge } from '../support/openmetrics-judge.js';
import { describeWithServer } from '../support/servers.js';
import { specimens } from './specimens.js';

describe('openMetricsText', () => {
  it.each(specimens)('shows $title', async ({ families, openmetrics }) => {
    expect(await encodeToString(families, 'openmetrics')).toBe(`${openmetrics}# EOF\n`);
  });

  it('names a family by what is left without the suffix, if anything is', async () => {
    const families = [
      familyOf({ type: 'counter', name: '_total' }, { series: [{ row: 1 }] }),
      familyOf({ type: 'gauge', name: 'left_total' }, { series: [{ row: 1 }] }),
    ];
    expect(await encodeToString(families, 'openmetrics')).toBe(
      '# TYPE _total counter\n_total_total 1\n_total_created 1700000000.123\n# TYPE left_total gauge\nleft_total 1\n# EOF\n',
    );
  });

  it('shows no sum any more once a histogram has seen a negative value', async () => {
    const before = familyOf({ type: 'histogram', name: 'h', upperBounds: [0] }, { series: [{ row: [1, 1, 2] }] });
    const after = { ...before, observedNegative: true };
    expect(await encodeToString([before], 'openmetrics')).toMatch(/h_sum 2\nh_count 2\n/);
    expect(await encodeToString([after], 'openmetrics')).not.toMatch(/h_sum|h_count/);
    expect(await encodeToString([before], 'openmetrics')).toMatch(/h_sum 2\nh_count 2\n/);
  });

  it('tells the time of creation to the millisecond, whatever the clock says', async () => {
    const times = [0, 1, 999, 1000.75, 1_700_000_000_001.5];
    const series = times.map((createdMs, i) => ({ labels: { i: String(i) }, row: 0, createdMs }));
    const text = await encodeToString([familyOf({ type: 'counter', name: 'a' }, { series })], 'openmetrics');
    expect([...text.matchAll(/created\{.*\} (.*)/g)].map(([, time]) => time)).toEqual([
      '0',
      '0.001',
      '0.999',
      '1',
      '1700000000.001',
    ]);
  });
});

describeWithServer(JUDGE_COMPONENTS, 'openMetricsText, read by the reference parser', () => {
  let judge: OpenMetricsJudge;
  beforeAll(async () => {
    judge = await startOpenMetricsJudge();
  });
  afterAll(() => judge.stop());

  it.each(specimens)('is accepted when it shows $title', async ({ families }) => {
    expect(await judge.check(await encodeToString(families, 'openmetrics'))).toEqual({ ok: true });
  });
});
