// Judges the sources as a whole: lint, format and types. These are tests, so that one command and one total cover them.
import { runNode, tool } from '../setup/run-command.js';

jest.setTimeout(120_000);

describe('the sources', () => {
  it('follow the lint rules and the format of biome.json', async () => {
    const { exitCode, output } = await runNode(tool('@biomejs/biome/bin/biome'), [
      'check',
      '--error-on-warnings',
      '--colors=off',
    ]);
    expect(exitCode === 0 ? '' : output).toBe('');
  });

  it.each([
    ['tests and examples included', 'tsconfig.json'],
    ['the page of the dashboard', 'tsconfig.page.json'],
    ['those with experimental decorators', '__tests__/decorators/experimental'],
  ])('pass the strict type check, %s', async (_, settings) => {
    const { output } = await runNode(tool('typescript-7.0/bin/tsc'), ['-p', settings, '--pretty', 'false']);
    expect(output).toBe('');
  });
});
