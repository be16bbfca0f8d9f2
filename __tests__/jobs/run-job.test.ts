// Jobs: what is recorded of them and what comes back, for every way in which one can end.
import { err, errAsync, ok, okAsync } from 'neverthrow';
import { MemoryStorage, MetricsCollector, type MetricsError, runJob } from 'telltale';
import { ManualClock } from 'telltale/testing';
import { buildPackage, startProgram } from '../support/program.js';
import { never, ScriptedStorage, UNREACHABLE } from '../support/scripted-storage.js';

const END = Date.UTC(2026, 0, 1) / 1000 + 7;

/** Runs a job of 7 seconds and answers its result, and what was stored of it. */
async function run(job: (metrics: MetricsCollector) => unknown) {
  const clock = new ManualClock();
  const storage = new ScriptedStorage();
  const result = await runJob({ name: 'nightly', storage, clock }, async (metrics) => {
    clock.advance(7);
    return job(metrics) as never;
  });
  const stored: Record<string, number> = {};
  for (const { descriptor, blocks } of storage.written[0]?.families ?? []) {
    for (const { values } of blocks()) stored[descriptor.name] = values[0] as number;
  }
  return { result, stored, storage };
}

const ended = { job_duration_seconds: 7, job_last_completion_timestamp_seconds: END };
const succeeded = { ...ended, job_success: 1, job_last_success_timestamp_seconds: END };
const failed = { ...ended, job_success: 0 };

describe('runJob', () => {
  it.each([
    ['a value', () => 5],
    ['a promise', async () => 5],
    ['an ok', () => ok(5)],
    ['a ResultAsync', () => okAsync(5)],
  ])('hands on %s and records a success', async (_, job) => {
    const { result, stored, storage } = await run(job);
    expect(result._unsafeUnwrap()).toBe(5);
    expect(stored).toEqual(succeeded);
    expect([storage.written.length, storage.closed]).toEqual([1, 1]);
  });

  it.each([
    ['an err', () => err('no disk')],
    ['a ResultAsync', () => errAsync('no disk')],
  ])('hands on the error of %s and records a failure, without a time of success', async (_, job) => {
    const { result, stored } = await run(job);
    expect(result._unsafeUnwrapErr()).toBe('no disk');
    expect(stored).toEqual(failed);
  });

  it('answers what was thrown', async () => {
    const cause = new Error('broken');
    const { result, stored } = await run(() => {
      throw cause;
    });
    expect(result._unsafeUnwrapErr()).toEqual({ kind: 'job_failed', job: 'nightly', cause });
    expect(stored).toEqual(failed);
  });

  it('stores what the job recorded', async () => {
    const { stored } = await run((metrics) => metrics.counter('rows_total').increment(12));
    expect(stored).toEqual({ ...succeeded, rows_total: 12 });
  });

  it('records into a collector that is there already', async () => {
    const storage = new ScriptedStorage();
    const collector = new MetricsCollector({ storage });
    await runJob({ name: 'nightly', collector }, (metrics) => {
      expect(metrics).toBe(collector);
    });
    expect(storage.written).toHaveLength(1);
  });

  it('tries a storage again that fails, as long as there is time', async () => {
    const storage = new ScriptedStorage();
    storage.answer = () => {
      if (storage.written.length === 2) storage.succeed();
      return errAsync(UNREACHABLE);
    };
    const told: MetricsError[] = [];
    const result = await runJob({ name: 'nightly', storage, onError: (error) => told.push(error) }, () => 5);
    expect(result._unsafeUnwrap()).toBe(5);
    expect(storage.written).toHaveLength(3);
    expect(told).toEqual([]);
  });

  it.each([
    ['fails', (storage: ScriptedStorage) => storage.fail(), 'push_unreachable'],
    [
      'hangs',
      (storage: ScriptedStorage) => {
        storage.answer = () => never();
        storage.close = () => never();
      },
      'storage_timed_out',
    ],
  ] as const)('hands on what the job gave although the storage %s, and tells of it', async (_, spoil, kind) => {
    const storage = new ScriptedStorage();
    spoil(storage);
    const told: string[] = [];
    const options = {
      name: 'nightly',
      storage,
      timeoutSeconds: 0.2,
      onError: (error: MetricsError) => told.push(error.kind),
    };
    expect((await runJob(options, () => 5))._unsafeUnwrap()).toBe(5);
    expect(told).toEqual([kind]);
  });

  it('refuses a collector that has its names for something else', () => {
    const collector = new MetricsCollector();
    collector.counter('job_success');
    expect(() => runJob({ name: 'nightly', collector }, () => 5)).toThrow(
      expect.objectContaining({ kind: 'family_conflict' }),
    );
  });

  it('tells of a name that the job took for something else, and stores the rest', async () => {
    const storage = new ScriptedStorage();
    const told: string[] = [];
    const options = { name: 'nightly', storage, onError: (error: MetricsError) => told.push(error.kind) };
    const result = await runJob(options, (metrics) => {
      metrics.counter('job_last_success_timestamp_seconds');
      return 5;
    });
    expect(result._unsafeUnwrap()).toBe(5);
    expect(storage.written).toHaveLength(1);
    expect(told).toEqual(['family_conflict']);
  });

  it('does not try a collector again that was shut down', async () => {
    const collector = new MetricsCollector({ storage: new MemoryStorage() });
    await collector.shutdown();
    const collect = jest.spyOn(collector, 'collectAndStore');
    expect((await runJob({ name: 'nightly', collector, timeoutSeconds: 1 }, () => 5))._unsafeUnwrap()).toBe(5);
    expect(collect).toHaveBeenCalledTimes(1);
  });

  it.each([
    [{ name: '', storage: new MemoryStorage() }],
    [{ name: 'nightly' }],
    [{ name: 'nightly', storage: new MemoryStorage(), timeoutSeconds: -1 }],
  ])('refuses %j', (options) => {
    expect(() => runJob(options, () => 5)).toThrow(expect.objectContaining({ kind: 'invalid_option' }));
  });

  it('leaves no hooks behind', async () => {
    const before = ['SIGTERM', 'SIGINT', 'beforeExit'].map((event) => process.listenerCount(event));
    await run(() => 5);
    expect(['SIGTERM', 'SIGINT', 'beforeExit'].map((event) => process.listenerCount(event))).toEqual(before);
  });
});

describe('a job as a process', () => {
  beforeAll(buildPackage, 120_000);

  const program = (job: string, more = '') => `
    import { runJob } from 'telltale';
    import { okAsync } from 'neverthrow';
    const storage = {
      name: 'printing',
      write: ({ families }) => {
        const success = families.find(({ descriptor }) => descriptor.name === 'job_success').blocks()[0].values[0];
        console.log('stored: success ' + success);
        return okAsync(1);
      },
      close: () => okAsync(undefined),
    };
    ${more}
    const result = await runJob({ name: 'nightly', storage }, () => { console.log('running'); ${job} });
    console.log(JSON.stringify(result.isOk() ? result.value : result.error));`;

  it('that is interrupted stores its metrics and ends by the signal', async () => {
    const running = startProgram(program('return new Promise((resolve) => setTimeout(resolve, 60_000));'));
    expect(await running.line()).toBe('running');
    process.kill(running.child.pid, 'SIGTERM');
    expect(await running.line()).toBe('stored: success 0');
    expect(await running.exit).toBe('SIGTERM');
  }, 30_000);

  it('that is interrupted answers so to a program that listens to the signal itself', async () => {
    const running = startProgram(
      program(
        'return new Promise((resolve) => setTimeout(resolve, 60_000));',
        "process.on('SIGTERM', () => setTimeout(() => process.exit(3), 2000));",
      ),
    );
    expect(await running.line()).toBe('running');
    process.kill(running.child.pid, 'SIGTERM');
    expect(await running.line()).toBe('stored: success 0');
    expect(await running.line()).toBe('{"kind":"job_interrupted","job":"nightly","signal":"SIGTERM"}');
    expect(await running.exit).toBe(3);
  }, 30_000);

  it('that waits for what never comes is stored as failed when the process has nothing left to do', async () => {
    const running = startProgram(program('return new Promise(() => {});'));
    expect(await running.line()).toBe('running');
    expect(await running.line()).toBe('stored: success 0');
    expect(await running.line()).toBe('{"kind":"job_interrupted","job":"nightly","signal":"beforeExit"}');
    expect(await running.exit).toBe(0);
  }, 30_000);
});
