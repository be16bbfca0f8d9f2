// What every suite with a server relies on: bounded waits, and no process that stays behind.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from '@swc/core';
import { type Child, type Command, runCommand, startChild, stderrMatch } from './child.js';
import { pollUntil } from './poll.js';

const node = (script: string) => ({ path: process.execPath, args: ['-e', script] });
const WAIT_FOREVER = 'setInterval(() => {}, 1e6);';

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A zombie answers signals, but no longer runs.
    return !/^State:\s+Z/m.test(existsSync(`/proc/${pid}/status`) ? readFileSync(`/proc/${pid}/status`, 'utf8') : '');
  } catch {
    return false;
  }
}

describe('support/child', () => {
  const started: Child[] = [];

  function start(command: Command): Child {
    const child = startChild(command);
    started.push(child);
    return child;
  }

  // A test that fails halfway must not leave a process behind that keeps the runner waiting.
  afterEach(() => {
    for (const child of started.splice(0)) child.process.kill('SIGKILL');
  });

  describe('startChild', () => {
    it('ends a process that obeys SIGTERM', async () => {
      const child = start(node(`${WAIT_FOREVER} console.error('up')`));
      await stderrMatch(child, /up/, 10_000);
      await child.stop();
      expect(child.process.signalCode).toBe('SIGTERM');
      expect(isAlive(child.pid)).toBe(false);
    });

    it('insists with SIGKILL when SIGTERM is ignored', async () => {
      const child = start(node(`process.on('SIGTERM', () => {}); ${WAIT_FOREVER} console.error('up')`));
      await stderrMatch(child, /up/, 10_000);
      await child.stop(50);
      expect(child.process.signalCode).toBe('SIGKILL');
    });

    it('can be stopped twice, and after the process has ended by itself', async () => {
      const child = start(node(''));
      await child.ended;
      await child.stop();
      await child.stop();
      expect(child.process.exitCode).toBe(0);
    });

    it('does not stall a process whose stdout nobody reads', async () => {
      const child = start(node(`process.stdout.write('x'.repeat(4e6), () => console.error('written'))`));
      await stderrMatch(child, /written/, 10_000);
      await child.ended;
      expect(child.process.exitCode).toBe(0);
    });

    (existsSync('/usr/bin/setpriv') ? it : it.skip)('lets no process outlive a starter that is killed', async () => {
      const source = readFileSync(join(__dirname, 'child.ts'), 'utf8');
      const { code } = transformSync(source, {
        jsc: { parser: { syntax: 'typescript' } },
        module: { type: 'commonjs' },
      });
      const script = `${code}; console.log(startChild(${JSON.stringify(node(WAIT_FOREVER))}).pid); ${WAIT_FOREVER}`;
      const starter = spawn(process.execPath, ['-e', script], {
        stdio: ['ignore', 'pipe', 'inherit'],
        timeout: 20_000,
      });
      const [line] = (await once(starter.stdout, 'data')) as [Buffer];
      const pid = Number(line.toString());
      expect(isAlive(pid)).toBe(true);
      starter.kill('SIGKILL');
      await once(starter, 'close');
      await pollUntil({ what: `The end of process ${pid}`, timeoutMs: 5_000 }, async () =>
        isAlive(pid) ? undefined : true,
      );
    });
  });

  describe('stderrMatch', () => {
    it('finds a line that comes in pieces', async () => {
      const child = start(node(`process.stderr.write('port='); setImmediate(() => process.stderr.write('17\\n'))`));
      const match = await stderrMatch(child, /port=(\d+)\n/, 10_000);
      expect(match[1]).toBe('17');
      await child.stop();
    });

    it('rejects with what was printed when the process ends first', async () => {
      const child = start(node(`console.error('no such flag')`));
      await expect(stderrMatch(child, /ready/, 10_000)).rejects.toThrow(/ended before it was ready: no such flag/);
    });

    it('rejects when the time runs out', async () => {
      const child = start(node(WAIT_FOREVER));
      await expect(stderrMatch(child, /ready/, 20)).rejects.toThrow('not ready within 0.02 s');
      await child.stop();
    });

    it('rejects when the program does not exist', async () => {
      const child = start({ path: '/nonexistent/server', args: [] });
      await expect(stderrMatch(child, /ready/, 10_000)).rejects.toThrow('ended before it was ready');
    });
  });

  describe('runCommand', () => {
    it('hands over the input and answers the exit code with everything that was printed', async () => {
      const script = `process.stdin.on('data', (d) => console.error(String(d).toUpperCase())).on('end', () => process.exit(3))`;
      expect(await runCommand(node(script), 'text')).toEqual({ exitCode: 3, output: 'TEXT\n' });
    });

    it('rejects when the command takes too long', async () => {
      await expect(runCommand(node(WAIT_FOREVER), '', 50)).rejects.toThrow('did not end within 0.05 s');
    });
  });
});
