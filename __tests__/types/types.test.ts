// Checks the type tests next to this file against the built declarations, which is what users see, under every supported
// compiler. A type test fails when a line does not compile, or when a line marked `@ts-expect-error` does.
import { join } from 'node:path';
import { root, runNode, tool } from '../setup/run-command.js';

jest.setTimeout(120_000);

beforeAll(async () => {
  const { output } = await runNode(join(root, 'scripts/build.mjs'), ['--if-stale']);
  expect(output).toBe('');
});

describe('the built declarations', () => {
  it.each(['typescript-5.9', 'typescript', 'typescript-7.0'])('pass every type test under %s', async (compiler) => {
    const args = ['-p', join(__dirname, 'tsconfig.json'), '--pretty', 'false'];
    const { output } = await runNode(tool(`${compiler}/bin/tsc`), args);
    expect(output).toBe('');
  });
});
