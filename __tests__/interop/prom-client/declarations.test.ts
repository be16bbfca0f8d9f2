// The program of the type test uses names and types of prom-client as they are declared there: its text compiles against
// prom-client itself as well.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, runNode, tool } from '../../setup/run-command.js';

jest.setTimeout(60_000);

const folder = join(root, '.cache/prom-client-declarations');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('are those of prom-client', async () => {
  const program = readFileSync(join(root, '__tests__/types/prom-client.test-d.ts'), 'utf8');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'program.ts'), program.replace("'telltale/prom-client'", "'prom-client'"));
  const settings = { extends: join(root, 'tsconfig.base.json'), compilerOptions: { noEmit: true }, include: ['*.ts'] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(settings));
  const { output } = await runNode(tool('typescript-7.0/bin/tsc'), ['-p', folder, '--pretty', 'false'], root);
  expect(output).toBe('');
});
