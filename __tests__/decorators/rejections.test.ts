// A rejection that nobody handles still surfaces, with a decorator as without: seen in a real process.
import { buildPackage, startProgram } from '../support/program.js';

beforeAll(buildPackage, 120_000);
jest.setTimeout(30_000);

const program = (handle: string) => `
  import { monitored } from 'telltale/decorators';
  process.on('unhandledRejection', (reason) => console.log('unhandled ' + reason.message));
  const fn = monitored(async () => { throw new Error('lost'); }, { timing: 'x_seconds', errorCounter: 'x_errors_total' });
  fn()${handle};
  setTimeout(() => console.log('end'), 50);`;

it.each([
  ['surfaces when nobody handles it', '', ['unhandled lost', 'end']],
  ['does not surface when its caller handles it', '.catch(() => console.log("handled"))', ['handled', 'end']],
])('a rejection %s', async (_, handle, lines) => {
  const running = startProgram(program(handle));
  for (const line of lines) expect(await running.line()).toBe(line);
  expect(await running.exit).toBe(0);
});
