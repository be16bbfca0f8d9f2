// The page about scaling keeps its word: its blocks run as they stand, against a real Prometheus and a real VictoriaMetrics, and
// Prometheus' own tool accepts its configuration and its rules.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { typescriptBlocks } from '../readme/blocks.js';
import { BlockFolder } from '../readme/run-blocks.js';
import { root } from '../setup/run-command.js';
import { buildPackage } from '../support/program.js';
import { type Prometheus, startPrometheus } from '../support/prometheus.js';
import { promtool } from '../support/promtool.js';
import { describeWithServer } from '../support/servers.js';
import { startVictoriaMetrics, type VictoriaMetrics } from '../support/victoria-metrics.js';

const page = readFileSync(join(root, 'docs/scaling.md'), 'utf8');
const YAML = /^```yaml\n([\s\S]*?)^```$/gm;
const [configuration = '', rules = ''] = [...page.matchAll(YAML)].map(([, text]) => text);
// Line by line, so that blocks keep their places.
const blocks = typescriptBlocks(page.replace(YAML, (block) => block.replace(/[^\n]+/g, '')));

describeWithServer(['prometheus', 'promtool', 'victoria-metrics'], 'docs/scaling.md', () => {
  let prometheus: Prometheus;
  let victoria: VictoriaMetrics;
  let folder: BlockFolder;

  beforeAll(async () => {
    [prometheus, victoria] = await Promise.all([startPrometheus(), startVictoriaMetrics(), buildPackage()]);
    folder = new BlockFolder('docs-scaling', {
      'http://127.0.0.1:9090': prometheus.url,
      'http://127.0.0.1:8428': victoria.url,
    });
    expect(await folder.compile(blocks)).toBe('');
  }, 120_000);

  afterAll(async () => {
    folder.remove();
    await Promise.all([prometheus.stop(), victoria.remove()]);
  });

  it.each(blocks.map((block) => ({ block, title: `${block.section}, line ${block.line}` })))(
    'prints what it shows: $title',
    async ({ block }) => {
      expect(block.output).not.toBe('');
      expect(await folder.run(block)).toEqual({ exitCode: 0, output: block.output });
    },
  );

  it('shows a process that arrives with its labels', async () => {
    const [sample] = await prometheus.query('orders_total{service="shop"}');
    expect(sample).toMatchObject({ value: 1, labels: { instance: expect.stringMatching(/:\d+$/) } });
  });

  it.each([
    ['config', configuration],
    ['rules', rules],
  ])('shows a file that promtool accepts: check %s', async (kind, text) => {
    const directory = mkdtempSync(join(tmpdir(), 'telltale-scaling-'));
    const file = join(directory, 'file.yml');
    writeFileSync(file, text);
    const { exitCode, output } = await promtool(['check', kind, file]);
    rmSync(directory, { recursive: true });
    expect({ exitCode, output }).toEqual({ exitCode: 0, output: expect.stringContaining('SUCCESS') });
  });
});
