// Checks the type tests next to this file against the built declarations, which is what users see, under every supported
// compiler. A type test fails when a line does not compile, or when a line marked `@ts-expect-error` does.
import { join } from 'node:path';
import { root, runNode, tool } from '../setup/run-command.js';

jest.setTimeout(120_000);

beforeAll(async () => {
  const { output } = await runNode(join(root, 'scripts/build.mjs'), ['--if-stale']);
  expect(output).toBe('');
});

const compile = (compiler: string, settings: string) =>
  runNode(tool(`${compiler}/bin/tsc`), ['-p', join(__dirname, settings), '--pretty', 'false']);

describe.each(['typescript-5.9', 'typescript', 'typescript-7.0'])('under %s the built declarations', (compiler) => {
  it('pass every type test', async () => {
    expect((await compile(compiler, 'tsconfig.json')).output).toBe('');
  });

  it('pass those of decorators with experimentalDecorators', async () => {
    expect((await compile(compiler, 'tsconfig.experimental.json')).output).toBe('');
  });

  it.each([['tsconfig.refused.json'], ['tsconfig.refused-experimental.json']])(
    'say why a method cannot be decorated (%s)',
    async (settings) => {
      const { output } = await compile(compiler, settings);
      expect(output).toContain("returns: 'Result' needs a method that is declared to return a Result");
      expect(output).toContain(
        'catch makes an error that is not among the errors which the method is declared to return',
      );
    },
  );
});
