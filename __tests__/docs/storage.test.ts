// The page about storage keeps its word: every block runs as it stands, against a real Pushgateway and a real Prometheus, and
// the storage that it shows how to write passes the contract.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Block, shellCommands, typescriptBlocks } from '../readme/blocks.js';
import { BlockFolder } from '../readme/run-blocks.js';
import { root, runCommand } from '../setup/run-command.js';
import { buildPackage } from '../support/program.js';
import { type Prometheus, startPrometheus } from '../support/prometheus.js';
import { type Pushgateway, startPushgateway } from '../support/pushgateway.js';
import { describeWithServer } from '../support/servers.js';

const page = readFileSync(join(root, 'docs/storage.md'), 'utf8');
const blocks = typescriptBlocks(page);
const examples = blocks.filter(({ section }) => section !== 'Your own');
const [own, contract] = blocks.filter(({ section }) => section === 'Your own') as [Block, Block];

describeWithServer(['pushgateway', 'prometheus'], 'docs/storage.md', () => {
  let gateway: Pushgateway;
  let prometheus: Prometheus;
  let folder: BlockFolder;

  beforeAll(async () => {
    [gateway, prometheus] = await Promise.all([startPushgateway(), startPrometheus(), buildPackage()]);
    folder = new BlockFolder('docs-storage', {
      'http://127.0.0.1:9091': gateway.url,
      'http://127.0.0.1:9090': `http://127.0.0.1:${prometheus.port}`,
    });
    // One module, as a reader would have a file and its test.
    const together = { ...own, code: `${contract.code.replace(/^import .*$/gm, '')}\n` };
    const imports = contract.code.match(/^import .*$/gm)?.join('\n');
    const whole = { ...own, code: `${imports}\n${own.code}\n${together.code}` };
    expect(await folder.compile([...examples, whole])).toBe('');
  }, 120_000);

  afterAll(async () => {
    folder.remove();
    await Promise.all([gateway.stop(), prometheus.stop()]);
  });

  it.each(examples.map((block) => ({ block, title: `${block.section}, line ${block.line}` })))(
    'prints what it shows: $title',
    async ({ block }) => {
      expect(await folder.run(block)).toEqual({ exitCode: 0, output: block.output });
    },
  );

  it('shows a storage of less than 40 lines that keeps the contract, run by another test runner', async () => {
    expect(own.code.split('\n').length).toBeLessThan(40);
    const { exitCode, output } = await folder.run(own, ['--test-reporter=tap']);
    expect(output).toMatch(/^# fail 0$/m);
    expect(output).toMatch(/^# pass 1[0-9]$/m);
    expect(exitCode).toBe(0);
  });

  it('shows a command that runs', async () => {
    const [command = ''] = shellCommands(page);
    expect(command).toMatch(/^npx telltale push .* -- \.\/backup\.sh$/);
    const args = command
      .replace('npx telltale', join(root, 'dist/esm/lib/cli/main.js'))
      .replace('http://127.0.0.1:9091', gateway.url)
      .replace('./backup.sh', 'true')
      .split(' ');
    expect(await runCommand(process.execPath, args, root)).toEqual({ exitCode: 0, output: '' });
    expect(await gateway.metrics()).toContain('job_success{instance="",job="nightly-backup"} 1\n');
  });
});
