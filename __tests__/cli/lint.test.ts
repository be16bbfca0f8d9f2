// `telltale lint` as a person would call it: of a page on a server, in a file, on stdin.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MetricsCollector } from 'telltale';
import { startMetricsServer } from 'telltale/http';
import { buildPackage } from '../support/program.js';
import { startPage, startTarget } from '../watch/support/target-server.js';
import { telltale, telltaleWithInput } from './support/telltale.js';

jest.setTimeout(60_000);
beforeAll(buildPackage, 120_000);

const folder = mkdtempSync(join(tmpdir(), 'telltale-lint-'));
afterAll(() => rmSync(folder, { recursive: true }));

const GOOD = '# HELP jobs_total Jobs done.\n# TYPE jobs_total counter\njobs_total 3\n';
const BAD = '# TYPE jobs counter\njobs{a="\\n"} 3\n# HELP wait_ms Waits.\n# TYPE wait_ms gauge\nwait_ms 3\n';

function fileOf(text: string): string {
  const file = join(folder, 'page.txt');
  writeFileSync(file, text);
  return file;
}

describe('telltale lint', () => {
  it('exits with 0 when nothing was found, on whatever a server shows', async () => {
    const metrics = new MetricsCollector();
    metrics.histogram('took_seconds', { description: 'Took.', native: { growthFactor: 1.1 } }).observe(1);
    const server = (await startMetricsServer(metrics, { port: 0 }))._unsafeUnwrap();
    expect(await telltale('lint', `${server.url}/metrics`)).toEqual({
      exit: 0,
      out: expect.stringMatching(/^Nothing was found in \d metrics\.$/),
      err: '',
    });
    await server.close();
  });

  it.each([
    ['in a file', () => telltale('lint', fileOf(BAD))],
    ['on stdin', () => telltaleWithInput(BAD, 'lint', '-')],
    [
      'on a page',
      async () => {
        const page = await startPage(BAD);
        const ended = await telltale('lint', page.url);
        await page.close();
        return ended;
      },
    ],
  ])('exits with 1 and tells what was found %s, and why', async (_, lint) => {
    const { exit, out, err } = await lint();
    expect([exit, err]).toEqual([1, '']);
    expect(out).toMatch(/^counter_total: .+\n {2}Call the counter jobs_total\.$/m);
    expect(out).toMatch(/^base_unit: .+\n {2}wait_ms is in ms: record it in seconds\.$/m);
    expect(out).toMatch(/\n\n3 findings in 2 metrics\.$/);
  });

  it('is stricter than a station, which takes what Prometheus takes', async () => {
    const page = await startPage('# TYPE h histogram\nh_bucket{le="+Inf"} 3\nh_sum 4\nh_count 4\n');
    const { exit, err } = await telltale('lint', page.url);
    await page.close();
    expect([exit, err]).toEqual([2, expect.stringContaining('The bucket +Inf has to be as large as the count.')]);
  });

  it('leaves out what it is told to, and writes JSON for programs', async () => {
    const left = await telltale('lint', fileOf(BAD), '--except', 'counter_total', '--except', 'base_unit', '--json');
    expect(left.exit).toBe(1);
    expect(JSON.parse(left.out)).toMatchObject([{ metric: 'jobs', rule: 'described', problem: expect.any(String) }]);
    expect(await telltale('lint', fileOf(GOOD), '--json')).toEqual({ exit: 0, out: '[]', err: '' });
  });

  it.each([
    ['what is no page', () => [fileOf('{"a": 1}')], 'is no page of metrics. '],
    [
      'OpenMetrics that ends too early',
      () => [fileOf('# TYPE a counter\na_total 1\nb{\n# EOF\n')],
      'is no page of metrics. ',
    ],
    ['a file that is not there', () => [join(folder, 'missing')], 'cannot be read: ENOENT'],
    ['a server that is not there', () => ['http://127.0.0.1:1/metrics'], 'gave no page. '],
  ])('exits with 2 for %s', async (_, args, problem) => {
    const { exit, out, err } = await telltale('lint', ...args());
    expect([exit, out]).toEqual([2, '']);
    expect(err).toMatch(/^telltale: /);
    expect(err).toContain(problem);
  });

  it('exits with 2 for a page that fails or never ends', async () => {
    const broken = await startTarget((_, response) => response.writeHead(500).end());
    const endless = await startTarget((_, response) => {
      response.writeHead(200, { 'Content-Type': 'text/plain' }).write('a 1\n');
    });
    expect(await telltale('lint', broken.url)).toMatchObject({ exit: 2, err: expect.stringContaining('500') });
    expect(await telltale('lint', endless.url, '--timeout', '0.3')).toMatchObject({ exit: 2, out: '' });
    await Promise.all([broken.close(), endless.close()]);
  });

  it.each([
    [[], 'Say what to read: a URL, a file, or - for stdin.'],
    [['a', 'b'], 'Give one page at a time.'],
    [['a', '--timeout', 'x'], 'Give --timeout in seconds'],
    [['-', '--except', 'nonsense'], 'There is no rule "nonsense"'],
    [['--colour'], '--colour'],
  ])('%j is refused with a sentence and exit code 2', async (args, message) => {
    const { exit, out, err } = await telltaleWithInput('', 'lint', ...args);
    expect([exit, out]).toEqual([2, '']);
    expect(err).toContain(message);
  });
});
