// `catch`: a throw becomes an Err of the shape that the method is declared to return, and of no other.
import { err, errAsync, ok, okAsync, type Result, ResultAsync } from 'neverthrow';
import { monitored, PerformanceMonitored } from 'telltale/decorators';
import { type Recorded, recordAnew } from './recorded.js';

let recorded: Recorded;
beforeEach(() => {
  recorded = recordAnew();
});

interface Unexpected {
  readonly kind: 'unexpected' | 'refused';
  readonly cause?: unknown;
}

const unexpected = (thrown: unknown): Unexpected => ({ kind: 'unexpected', cause: thrown });
const counters = { counter: 'calls_total', errorCounter: 'errors_total' };
const broken = new RangeError('broken');

class Service {
  @PerformanceMonitored({ ...counters, catch: unexpected, returns: 'Result' })
  result(give: () => Result<number, Unexpected>): Result<number, Unexpected> {
    return give();
  }

  @PerformanceMonitored({ ...counters, catch: unexpected, returns: 'ResultAsync' })
  resultAsync(give: () => ResultAsync<number, Unexpected>): ResultAsync<number, Unexpected> {
    return give();
  }

  @PerformanceMonitored({ ...counters, catch: unexpected, returns: 'Promise' })
  promise(give: () => Promise<Result<number, Unexpected>>): Promise<Result<number, Unexpected>> {
    return give();
  }
}

const throws = (): never => {
  throw broken;
};
const thrown = ['calls_total{outcome="thrown"} 1', 'errors_total{error_type="RangeError"} 1'];

describe('catch', () => {
  it('makes a Result of a throw', async () => {
    expect(new Service().result(throws)).toEqual(err({ kind: 'unexpected', cause: broken }));
    expect(await recorded.lines()).toEqual(thrown);
  });

  it('makes a ResultAsync of a throw before anything was returned', async () => {
    const returned = new Service().resultAsync(throws);
    expect(returned).toBeInstanceOf(ResultAsync);
    expect(await returned).toEqual(err({ kind: 'unexpected', cause: broken }));
    expect(await recorded.lines()).toEqual(thrown);
  });

  it('makes an Err of a ResultAsync that rejects', async () => {
    const returned = new Service().resultAsync(() => new ResultAsync(Promise.reject(broken)));
    expect(returned).toBeInstanceOf(ResultAsync);
    expect(await returned).toEqual(err({ kind: 'unexpected', cause: broken }));
    expect(await recorded.lines()).toEqual(thrown);
  });

  it.each([
    ['a throw', throws],
    ['a rejection', () => Promise.reject(broken)],
  ])('makes a promise of an Err of %s', async (_, give) => {
    const returned = new Service().promise(give);
    expect(returned).toBeInstanceOf(Promise);
    expect(await returned).toEqual(err({ kind: 'unexpected', cause: broken }));
    expect(await recorded.lines()).toEqual(thrown);
  });

  it('leaves what comes back by itself as it is', async () => {
    const service = new Service();
    const refused = err<number, Unexpected>({ kind: 'refused' });
    expect(service.result(() => refused)).toBe(refused);
    expect(await service.resultAsync(() => okAsync(1))).toEqual(ok(1));
    expect(await service.resultAsync(() => errAsync({ kind: 'refused' }))).toEqual(refused);
    expect(await service.promise(async () => refused)).toBe(refused);
    expect((await recorded.lines()).toSorted()).toEqual([
      'calls_total{outcome="err"} 3',
      'calls_total{outcome="ok"} 1',
      'errors_total{error_type="refused"} 3',
    ]);
  });

  it('that fails itself lets the throw go on', async () => {
    const options = {
      ...counters,
      catch: (): Unexpected => {
        throw new Error('worse');
      },
    };
    const sync = monitored((): Result<number, Unexpected> => throws(), { ...options, returns: 'Result' });
    const async = monitored(async (): Promise<Result<number, Unexpected>> => throws(), {
      ...options,
      returns: 'Promise',
    });
    const result = monitored((): ResultAsync<number, Unexpected> => new ResultAsync(Promise.reject(broken)), {
      ...options,
      returns: 'ResultAsync',
    });
    expect(sync).toThrow(broken);
    await expect(async()).rejects.toBe(broken);
    await expect(Promise.resolve(result())).rejects.toBe(broken);
  });

  it.each([
    [{ catch: unexpected }, 'returns'],
    [{ returns: 'Result' }, 'catch'],
    [{ catch: unexpected, returns: 'Maybe' }, 'returns'],
  ])('refuses %p when it decorates', (options, option) => {
    const decorate = () => monitored(throws, { ...counters, ...options } as never);
    expect(decorate).toThrow(
      expect.objectContaining({ kind: 'invalid_option', message: expect.stringContaining(option) }),
    );
  });
});
