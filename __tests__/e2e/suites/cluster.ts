// The clustered service as a real process with real workers, which are ended at random while clients keep books.
import { join } from 'node:path';
import { root } from '../../setup/run-command.js';
import { startNode } from '../../support/program.js';

async function run(signal: string): Promise<{ exit: number | string; output: string }> {
  const args = ['--seconds', '6', '--signal', signal, '--metrics-port', '0'];
  const program = startNode([join(root, 'scripts/start.mjs'), 'examples/cluster/main.ts', ...args]);
  let output = '';
  for (let line = await program.line(); line !== undefined; line = await program.line()) output += `${line}\n`;
  return { exit: await program.exit, output };
}

function numbersIn(output: string) {
  const [, answered = '', cutOff = '', counted = ''] =
    /clients: (\d+) answered, (\d+) cut off\nmetrics: (\d+) counted, 0 in flight\n/.exec(output) ?? [];
  const ended = /6 s: .* (\d+) workers ended/.exec(output)?.[1] ?? '';
  return { answered: Number(answered), cutOff: Number(cutOff), counted: Number(counted), ended: Number(ended) };
}

export function describeCluster(): void {
  describe('the clustered service', () => {
    it('has counted exactly what the clients were answered when its workers are told to end', async () => {
      const { exit, output } = await run('SIGTERM');
      const { answered, counted, ended } = numbersIn(output);
      expect([exit, counted]).toEqual([0, answered]);
      expect(answered).toBeGreaterThan(100);
      expect(ended).toBeGreaterThan(0);
    });

    it('has counted every answer, and nothing that was not asked for, when its workers are killed', async () => {
      const { exit, output } = await run('SIGKILL');
      const { answered, cutOff, counted, ended } = numbersIn(output);
      expect(exit).toBe(0);
      expect(counted).toBeGreaterThanOrEqual(answered);
      expect(counted).toBeLessThanOrEqual(answered + cutOff);
      expect(answered).toBeGreaterThan(100);
      expect(ended).toBeGreaterThan(0);
    });
  });
}
