// Flushing at the end of a process, with real processes and real signals.
import { buildPackage, startProgram } from '../support/program.js';

beforeAll(buildPackage, 120_000);
jest.setTimeout(60_000);

/** Counts once, collects every minute, and prints what is written and closed. `more` goes at its end. */
const program = (more: string) => `
  import { MetricsCollector } from 'telltale';
  import { okAsync, ResultAsync } from 'neverthrow';
  const storage = {
    name: 'printing',
    write: (snapshot) => {
      console.log('written ' + snapshot.families.find(({ descriptor }) => descriptor.name === 'jobs_total').blocks()[0].values[0]);
      return okAsync(1);
    },
    close: () => { console.log('closed'); return okAsync(undefined); },
  };
  const metrics = new MetricsCollector({ storage });
  metrics.counter('jobs_total').increment(3);
  metrics.startCollecting({ intervalSeconds: 60, flushOn: ['SIGTERM', 'SIGINT', 'beforeExit'] });
  const running = setInterval(() => {}, 1000);
  ${more}
  console.log('ready');`;

async function linesOf(program: ReturnType<typeof startProgram>): Promise<string[]> {
  const lines: string[] = [];
  for (let line = await program.line(); line !== undefined; line = await program.line()) lines.push(line);
  return lines;
}

describe('flushOn', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'stores and closes once at %s, and the process still ends by it',
    async (signal) => {
      const running = startProgram(program(''));
      expect(await running.line()).toBe('ready');
      process.kill(running.child.pid, signal);
      expect(await linesOf(running)).toEqual(['written 3', 'closed']);
      expect(await running.exit).toBe(signal);
    },
  );

  it.each(['on', 'once'])(
    'leaves the end of the process to others who listen to the signal with process.%s',
    async (listen) => {
      const running = startProgram(
        program(
          `process.${listen}('SIGTERM', () => { console.log('draining'); setTimeout(() => { console.log('drained'); process.exit(7); }, 300); });`,
        ),
      );
      expect(await running.line()).toBe('ready');
      process.kill(running.child.pid, 'SIGTERM');
      expect((await linesOf(running)).toSorted()).toEqual(['closed', 'drained', 'draining', 'written 3']);
      expect(await running.exit).toBe(7);
    },
  );

  it('stores when there is nothing left to do, and keeps the exit code', async () => {
    const running = startProgram(program('clearInterval(running); process.exitCode = 5;'));
    expect(await linesOf(running)).toEqual(['ready', 'written 3', 'closed']);
    expect(await running.exit).toBe(5);
  });

  it('lets a second signal end the process at once, while a storage hangs', async () => {
    const running = startProgram(
      program(`storage.write = () => { console.log('hangs'); return new ResultAsync(new Promise(() => {})); };`),
    );
    expect(await running.line()).toBe('ready');
    process.kill(running.child.pid, 'SIGINT');
    expect(await running.line()).toBe('hangs');
    process.kill(running.child.pid, 'SIGINT');
    expect(await running.exit).toBe('SIGINT');
  });

  it('has nothing left to do once collecting was stopped', async () => {
    const running = startProgram(
      program('')
        .replace('metrics.startCollecting', 'await metrics.startCollecting')
        .replace("'beforeExit'] });", "'beforeExit'] }).stop();"),
    );
    expect(await running.line()).toBe('written 3');
    expect(await running.line()).toBe('ready');
    process.kill(running.child.pid, 'SIGTERM');
    expect(await linesOf(running)).toEqual([]);
    expect(await running.exit).toBe('SIGTERM');
  });
});
