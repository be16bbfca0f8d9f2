// The page of commands shows what each of them says of itself.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { telltale } from '../cli/support/telltale.js';
import { root } from '../setup/run-command.js';
import { buildPackage } from '../support/program.js';

jest.setTimeout(60_000);
beforeAll(buildPackage, 120_000);

const page = readFileSync(join(root, 'docs/commands.md'), 'utf8');

describe('docs/commands.md', () => {
  it.each(['', 'watch', 'push', 'query', 'lint', 'test'])('shows the help of telltale %s', async (command) => {
    const args = command === '' ? ['--help'] : [command, '--help'];
    const { exit, out, err } = await telltale(...args);
    expect([exit, err]).toEqual([0, '']);
    expect(page).toContain(`\n$ telltale ${args.join(' ')}\n${out}\n\`\`\`\n`);
  });

  it('has a part for each command that there is', async () => {
    const { out } = await telltale('--help');
    const commands = [...out.matchAll(/^ {2}([a-z]+) {2,}/gm)].map(([, name]) => name);
    expect([...page.matchAll(/^## (.+)$/gm)].map(([, name]) => name)).toEqual(commands);
  });
});
