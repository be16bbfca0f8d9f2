// `telltale push` as a person would call it, with real programs, real signals and a real Pushgateway.
import { join } from 'node:path';
import { root } from '../setup/run-command.js';
import { buildPackage, type Program, startNode } from '../support/program.js';
import { type Pushgateway, startPushgateway } from '../support/pushgateway.js';
import { describeWithServer } from '../support/servers.js';

const COMMAND = join(root, 'dist/esm/lib/cli/main.js');
const telltale = (...args: readonly string[]): Program => startNode([COMMAND, ...args]);

async function ended(program: Program): Promise<{ exit: number | string; out: string[]; err: string }> {
  const out: string[] = [];
  for (let line = await program.line(); line !== undefined; line = await program.line()) out.push(line);
  return { exit: await program.exit, out, err: program.child.stderr() };
}

beforeAll(buildPackage, 120_000);
jest.setTimeout(60_000);

describe('telltale', () => {
  it.each([['--help'], ['help'], ['push', '--help']])('%s %s tells how to call it', async (...args) => {
    const { exit, out, err } = await ended(telltale(...args.filter((arg) => arg !== undefined)));
    expect([exit, err]).toEqual([0, '']);
    expect(out.join('\n')).toContain('push');
  });

  it('--version tells the version of the package', async () => {
    const { version } = jest.requireActual<{ version: string }>(join(root, 'package.json'));
    expect(await ended(telltale('--version'))).toEqual({ exit: 0, out: [version], err: '' });
  });

  it.each([
    [[], 'No command was given.'],
    [['pull'], 'There is no command "pull".'],
    [['push'], 'Say where to push: --gateway <url>.'],
    [['push', '--gateway', 'http://127.0.0.1:1'], 'Say what the job is called: --job <name>.'],
    [['push', '--gateway', 'http://127.0.0.1:1', '--job', 'x'], 'Say what to run, behind two dashes'],
    [['push', '--gateway', 'http://127.0.0.1:1', '--job', 'x', 'ls'], '"ls" stands before the two dashes.'],
    [['push', '--gateway', 'nonsense', '--job', 'x', '--', 'ls'], 'url'],
    [['push', '--gateway', 'http://127.0.0.1:1', '--job', '', '--', 'ls'], 'job'],
    [['push', '--gateway', 'http://127.0.0.1:1', '--job', 'x', '--label', 'a', '--', 'ls'], 'name=value'],
    [
      ['push', '--gateway', 'http://127.0.0.1:1', '--job', 'x', '--timeout', 'soon', '--', 'ls'],
      '--timeout in seconds',
    ],
    [['push', '--frequency', '1', '--', 'ls'], '--frequency'],
  ] as const)('%j is refused with a sentence and exit code 2', async (args, message) => {
    const { exit, out, err } = await ended(telltale(...args));
    expect([exit, out]).toEqual([2, []]);
    expect(err).toContain(message);
  });
});

describeWithServer('pushgateway', 'telltale push, to a real Pushgateway', () => {
  let gateway: Pushgateway;
  beforeAll(async () => {
    gateway = await startPushgateway();
  });
  afterAll(() => gateway.stop());

  const push = (job: string, ...program: readonly string[]) =>
    telltale('push', '--gateway', gateway.url, '--job', job, '--label', 'host=a/b', '--', ...program);

  /** The job_ metrics of a job that are no times. */
  async function pushed(job: string): Promise<Record<string, number>> {
    const lines = (await gateway.metrics())
      .split('\n')
      .filter((line) => line.startsWith('job_') && line.includes(`job="${job}"`));
    return Object.fromEntries(
      lines.map((line) => {
        expect(line).toContain('host="a/b"');
        return [line.slice(0, line.indexOf('{')), Number(line.slice(line.lastIndexOf(' ')))];
      }),
    );
  }

  it('runs the program with its own output and tells of its success', async () => {
    const before = Date.now() / 1000;
    expect(await ended(push('good', 'sh', '-c', 'echo "$0 $1" >&1', 'one  two', '--three'))).toEqual({
      exit: 0,
      out: ['one  two --three'],
      err: '',
    });
    const { job_duration_seconds, job_last_success_timestamp_seconds, job_last_completion_timestamp_seconds, ...rest } =
      await pushed('good');
    expect(rest).toEqual({ job_success: 1, job_exit_code: 0 });
    expect(job_duration_seconds).toBeGreaterThan(0);
    expect(job_last_success_timestamp_seconds).toBeGreaterThanOrEqual(before);
    expect(job_last_completion_timestamp_seconds).toBe(job_last_success_timestamp_seconds);
  });

  it('keeps the exit code of a failure, and the time of the success before it', async () => {
    await ended(push('mixed', 'true'));
    const first = await pushed('mixed');
    expect((await ended(push('mixed', 'sh', '-c', 'exit 23'))).exit).toBe(23);
    const second = await pushed('mixed');
    expect(second).toMatchObject({ job_success: 0, job_exit_code: 23 });
    expect(second.job_last_success_timestamp_seconds).toBe(first.job_last_success_timestamp_seconds);
    expect(second.job_last_completion_timestamp_seconds).toBeGreaterThan(
      first.job_last_completion_timestamp_seconds as number,
    );
  });

  it('passes signals on and ends as the program does', async () => {
    const polite = push(
      'polite',
      'sh',
      '-c',
      'trap "echo cleaning; exit 4" TERM; echo running; while :; do sleep 0.05; done',
    );
    expect(await polite.line()).toBe('running');
    process.kill(polite.child.pid, 'SIGTERM');
    expect(await ended(polite)).toEqual({ exit: 4, out: ['cleaning'], err: '' });
    expect(await pushed('polite')).toMatchObject({ job_success: 0, job_exit_code: 4 });
  });

  it('leaves what the program reads from as it was when it passes a signal on', async () => {
    const script = `process.on('SIGUSR2', () => {
      const flags = fs.readFileSync('/proc/self/fdinfo/0', 'utf8').match(/flags:\\s*(\\d+)/)[1];
      console.log((parseInt(flags, 8) & fs.constants.O_NONBLOCK) === 0 ? 'blocking' : 'not blocking');
      process.exit(0);
    });
    setInterval(() => {}, 1000);
    console.log('running');`;
    const reading = push('reading', process.execPath, '-e', script);
    expect(await reading.line()).toBe('running');
    process.kill(reading.child.pid, 'SIGUSR2');
    expect(await ended(reading)).toEqual({ exit: 0, out: ['blocking'], err: '' });
  });

  it('ends by the signal that ended the program', async () => {
    const running = push('killed', 'sh', '-c', 'echo running; exec sleep 60');
    expect(await running.line()).toBe('running');
    process.kill(running.child.pid, 'SIGINT');
    expect((await ended(running)).exit).toBe('SIGINT');
    expect(await pushed('killed')).toMatchObject({ job_success: 0, job_exit_code: 130 });
  });

  it.each([
    ['is not there', './no-such-program', 127, 'There is no program ./no-such-program.'],
    ['is no program', join(root, 'package.json'), 126, 'cannot be run'],
    ['is in what is no folder', join(root, 'package.json', 'program'), 126, 'cannot be run'],
    ['has no name', '', 126, 'cannot be run'],
  ])('tells when the program %s', async (_, program, exitCode, message) => {
    const { exit, err } = await ended(push('none', program));
    expect(exit).toBe(exitCode);
    expect(err).toContain(message);
    expect(await pushed('none')).toMatchObject({ job_success: 0, job_exit_code: exitCode });
  });

  it('keeps the exit code when the gateway is away, and says so', async () => {
    const away = await startPushgateway();
    await away.stop();
    const program = telltale('push', '--gateway', away.url, '--job', 'x', '--timeout', '1', '--', 'sh', '-c', 'exit 9');
    const { exit, err } = await ended(program);
    expect(exit).toBe(9);
    expect(err).toContain('cannot be reached');
  });
});
