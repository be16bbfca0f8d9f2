// What is recorded of every kind of thing that a method can give back, and that the caller gets it as it was.
import { runInNewContext } from 'node:vm';
import { err, ok, type Result, ResultAsync } from 'neverthrow';
import { PerformanceMonitored, TrackInFlight } from 'telltale/decorators';
import { type Recorded, recordAnew } from './recorded.js';

let recorded: Recorded;
beforeEach(() => {
  recorded = recordAnew();
});

const failure = { kind: 'no_stock', message: 'personal data' };

/** A method that gives back whatever it is told to. */
class Service {
  @PerformanceMonitored({ timing: 'call_seconds', counter: 'calls_total', errorCounter: 'call_errors_total' })
  @TrackInFlight('calls_in_flight')
  call<T>(give: () => T): T {
    return give();
  }
}

/** What a call of 3 seconds has left behind. */
const ended = (outcome: string, errorType?: string) => [
  'calls_in_flight 0',
  'call_seconds_sum 3',
  'call_seconds_count 1',
  `calls_total{outcome="${outcome}"} 1`,
  ...(errorType === undefined ? [] : [`call_errors_total{error_type="${errorType}"} 1`]),
];

async function linesInOrder(): Promise<string[]> {
  const order = ['calls_in_flight', 'call_seconds', 'calls_total', 'call_errors'];
  const rank = (line: string) => order.findIndex((start) => line.startsWith(start));
  return (await recorded.lines()).toSorted((a, b) => rank(a) - rank(b));
}

/** At once: reading the exposition takes a few turns, in which promises settle. */
const inFlight = () => recorded.metrics.gauge('calls_in_flight').getValue();

const later = <T>(value: () => T | Promise<T>): Promise<T> =>
  Promise.resolve().then(() => {
    recorded.clock.advance(3);
    return value();
  });

function raise(): never {
  throw new Error('broken');
}

describe('a method that gives back', () => {
  it.each([
    ['a number', 5],
    ['nothing', undefined],
    ['null', null],
    ['an object', { a: 1 }],
    ['a function', () => 1],
    ['an ok', ok(5)],
    [
      'an ok of another copy of neverthrow',
      { isOk: (): boolean => true, isErr: (): boolean => false, andThen: () => undefined, value: 5 },
    ],
    ['an array', [1]],
  ])('%s is ok when it returns, and its caller gets the same', async (_, value) => {
    const call = () => {
      recorded.clock.advance(3);
      return value;
    };
    expect(new Service().call(call)).toBe(value);
    expect(await linesInOrder()).toEqual(ended('ok'));
  });

  it.each([
    ['an err', err(failure)],
    [
      'an err of another copy of neverthrow',
      { isOk: (): boolean => false, isErr: (): boolean => true, andThen: () => undefined, error: failure },
    ],
  ])('%s is err, and its caller gets the same', async (_, value) => {
    const call = () => {
      recorded.clock.advance(3);
      return value;
    };
    expect(new Service().call(call)).toBe(value);
    expect(await linesInOrder()).toEqual(ended('err', 'no_stock'));
  });

  it('a throw is thrown on, and counted as such', async () => {
    const thrown = new TypeError('personal data');
    const call = () => {
      recorded.clock.advance(3);
      throw thrown;
    };
    expect(() => new Service().call(call)).toThrow(thrown);
    expect(await linesInOrder()).toEqual(ended('thrown', 'TypeError'));
  });

  it('a promise is in flight until it is fulfilled', async () => {
    const promise = new Service().call(() => later(() => 5));
    expect(promise).toBeInstanceOf(Promise);
    expect(inFlight()).toBe(1);
    expect(await promise).toBe(5);
    expect(await linesInOrder()).toEqual(ended('ok'));
  });

  it('a promise that is rejected is thrown', async () => {
    const thrown = Object.assign(new Error('personal data'), { code: 'ECONNREFUSED' });
    await expect(new Service().call(() => later(() => Promise.reject(thrown)))).rejects.toBe(thrown);
    expect(await linesInOrder()).toEqual(ended('thrown', 'ECONNREFUSED'));
  });

  it('a promise of an err is err', async () => {
    const value = err(failure);
    expect(await new Service().call(() => later(() => value))).toBe(value);
    expect(await linesInOrder()).toEqual(ended('err', 'no_stock'));
  });

  it('a promise of another realm is waited for', async () => {
    const promise = runInNewContext('Promise.resolve(5)') as Promise<number>;
    expect(promise).not.toBeInstanceOf(Promise);
    const returned = new Service().call(() => promise);
    expect(inFlight()).toBe(1);
    recorded.clock.advance(3);
    expect(await returned).toBe(5);
    expect(await linesInOrder()).toEqual(ended('ok'));
  });

  it('a promise that never settles stays in flight', async () => {
    void new Service().call(() => new Promise(() => {}));
    expect(inFlight()).toBe(1);
    expect(await linesInOrder()).toEqual(['calls_in_flight 1', 'call_seconds_sum 0', 'call_seconds_count 0']);
  });

  it.each([
    ['ok', () => new ResultAsync(later(() => ok(5))), 'ok', undefined],
    ['err', () => new ResultAsync(later(() => err(failure))), 'err', 'no_stock'],
    [
      'that rejects, against its word',
      () => new ResultAsync(later(() => Promise.reject<Result<number, typeof failure>>(new RangeError('x')))),
      'thrown',
      'RangeError',
    ],
  ])(
    'a ResultAsync %s is recorded when it settles, and its caller gets the same',
    async (_, make, outcome, errorType) => {
      const given = make();
      const returned = new Service().call(() => given);
      expect(returned).toBe(given);
      expect(inFlight()).toBe(1);
      await Promise.resolve(returned).catch(() => undefined);
      await Promise.resolve();
      expect(await linesInOrder()).toEqual(ended(outcome, errorType));
    },
  );

  it('a lazy thenable is returned untouched, and never started', async () => {
    let started = 0;
    const query = {
      // biome-ignore lint/suspicious/noThenProperty: a query builder that runs when it is awaited
      then: () => {
        started++;
      },
    };
    recorded.clock.advance(0);
    expect(new Service().call(() => query)).toBe(query);
    expect(started).toBe(0);
    expect(await recorded.lines()).toContain('calls_total{outcome="ok"} 1');
  });

  it('a promise with a `then` of its own counts as lazy', async () => {
    let started = 0;
    class Query extends Promise<number> {
      // biome-ignore lint/suspicious/noThenProperty: what is tested
      override then(...handlers: Parameters<Promise<number>['then']>): never {
        started++;
        return super.then(...handlers) as never;
      }
    }
    const query = new Query((resolve) => resolve(5));
    expect(new Service().call(() => query)).toBe(query);
    expect(started).toBe(0);
    expect(inFlight()).toBe(0);
  });

  it('a promise of a class of its own is waited for', async () => {
    class Task extends Promise<number> {}
    const returned = new Service().call(() => new Task((resolve) => resolve(5)));
    expect(returned).toBeInstanceOf(Task);
    expect(inFlight()).toBe(1);
    recorded.clock.advance(3);
    expect(await returned).toBe(5);
    expect(await linesInOrder()).toEqual(ended('ok'));
  });

  it('a promise whose class makes no others is returned as it is', async () => {
    class Fixed extends Promise<number> {
      constructor(value: number) {
        super((resolve) => resolve(value));
      }
    }
    const given = new Fixed(5);
    expect(new Service().call(() => given)).toBe(given);
    expect(await recorded.lines()).toContain('calls_total{outcome="ok"} 1');
  });

  it.each([
    ['cannot say whether it is one', { isErr: raise }],
    ['has no readable error', Object.defineProperty({ isErr: () => true }, 'error', { get: raise })],
  ])('what looks like a Result and %s is a value, also in a promise', async (_, broken) => {
    const value: object = Object.assign(broken, { isOk: raise, andThen: raise });
    expect(new Service().call(() => value)).toBe(value);
    expect(await new Service().call(async () => value)).toBe(value);
    expect(await recorded.lines()).toContain('calls_total{outcome="ok"} 2');
  });

  it('what looks like a ResultAsync and cannot be waited for is returned as it is', async () => {
    // biome-ignore lint/suspicious/noThenProperty: what is tested
    const value = { then: raise, andThen: raise, mapErr: raise };
    expect(new Service().call(() => value)).toBe(value);
    expect(await recorded.lines()).toContain('calls_total{outcome="ok"} 1');
  });

  it('an object that makes up its properties is returned untouched', async () => {
    const touched: string[] = [];
    const proxy: object = new Proxy(
      {},
      {
        get: (_, name) => {
          touched.push(String(name));
          return () => proxy;
        },
      },
    );
    expect(new Service().call(() => proxy) === proxy).toBe(true);
    expect(touched).toEqual([]);
  });

  it('a revoked proxy is returned as it is', () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(new Service().call(() => proxy) === proxy).toBe(true);
  });
});

describe('a generator', () => {
  function* numbers(fail = false) {
    for (let i = 1; i <= 3; i++) {
      recorded.clock.advance(1);
      yield i;
    }
    if (fail) throw new RangeError('no more');
    return 'end';
  }

  it('is in flight until it has finished, and gives the same', async () => {
    const given = new Service().call(() => numbers());
    expect(inFlight()).toBe(1);
    expect(Object.prototype.toString.call(given)).toBe('[object Generator]');
    expect([...given]).toEqual([1, 2, 3]);
    expect(await linesInOrder()).toEqual(ended('ok'));
    expect(given.next()).toEqual({ done: true, value: undefined });
    expect(await linesInOrder()).toEqual(ended('ok'));
  });

  it('that is left is ok when it is left', async () => {
    for (const number of new Service().call(() => numbers())) if (number === 3) break;
    expect(await linesInOrder()).toEqual(ended('ok'));
  });

  it('that throws is thrown', async () => {
    expect(() => [...new Service().call(() => numbers(true))]).toThrow('no more');
    expect(await linesInOrder()).toEqual(ended('thrown', 'RangeError'));
  });

  async function* pages(fail = false) {
    for (let i = 1; i <= 3; i++) {
      recorded.clock.advance(1);
      yield i;
    }
    if (fail) throw new RangeError('no more');
  }

  it('that is asynchronous is in flight until it has finished', async () => {
    const given = new Service().call(() => pages());
    const seen: number[] = [];
    for await (const page of given) seen.push(page);
    expect(seen).toEqual([1, 2, 3]);
    expect(await linesInOrder()).toEqual(ended('ok'));
  });

  it('that is asynchronous and left is ok, and thrown when it throws', async () => {
    for await (const page of new Service().call(() => pages())) if (page === 3) break;
    expect(await linesInOrder()).toEqual(ended('ok'));
    recorded = recordAnew();
    const all = async () => {
      for await (const _ of new Service().call(() => pages(true)));
    };
    await expect(all()).rejects.toThrow('no more');
    expect(await linesInOrder()).toEqual(ended('thrown', 'RangeError'));
  });

  it('that gives something more while it is left is over all the same', async () => {
    function* stubborn() {
      try {
        yield 1;
      } finally {
        yield 2;
      }
    }
    for (const _ of new Service().call(stubborn)) {
      recorded.clock.advance(3);
      break;
    }
    expect(await linesInOrder()).toEqual(ended('ok'));
  });

  it('passes on what is sent and thrown into it', () => {
    function* echo(): Generator<string, string, string> {
      try {
        return `returned ${yield `got ${yield 'ready'}`}`;
      } catch (thrown) {
        return `caught ${thrown}`;
      }
    }
    const first = new Service().call(echo);
    expect([first.next('lost').value, first.next('a').value, first.next('b').value]).toEqual([
      'ready',
      'got a',
      'returned b',
    ]);
    const second = new Service().call(echo);
    second.next();
    expect(second.throw('x')).toEqual({ done: true, value: 'caught x' });
  });
});
