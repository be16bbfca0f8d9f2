// Nothing about recording changes what the caller sees, however broken the collector is.
import { errAsync, ok } from 'neverthrow';
import { MetricsCollector, setMetricsCollector } from 'telltale';
import { monitored, PerformanceMonitored, TrackInFlight } from 'telltale/decorators';
import { recordAnew } from './recorded.js';

const options = { timing: 'call_seconds', counter: 'calls_total', errorCounter: 'errors_total' };

class Service {
  @PerformanceMonitored(options)
  @TrackInFlight('calls_in_flight')
  constant<T>(give: () => T): T {
    return give();
  }

  @PerformanceMonitored({ ...options, labels: () => ({ a: 1 }) })
  labelled<T>(give: () => T): T {
    return give();
  }
}

const fail = (): never => {
  throw new Error('The collector is broken.');
};

/** Fails at everything. */
function broken(): MetricsCollector {
  return {
    get clock() {
      return fail();
    },
    counter: fail,
    gauge: fail,
    histogram: fail,
    dropUndefined: fail,
  } as never;
}

/** Works when it is asked for its instruments, which then do not. */
function brokenLater(): MetricsCollector {
  const instrument = { labels: () => instrument, increment: fail, decrement: fail, observe: fail };
  const clock = { monotonic: fail, now: fail };
  return { clock, counter: () => instrument, gauge: () => instrument, histogram: () => instrument } as never;
}

/** Refuses the names of the metrics, and says so by throwing. */
function conflicting(): MetricsCollector {
  const metrics = new MetricsCollector({ strict: true });
  for (const name of ['calls_total', 'errors_total', 'calls_in_flight', 'call_seconds']) {
    metrics.stateSet(name, { states: ['a'] });
  }
  return metrics;
}

describe.each([
  ['that always fails', broken],
  ['whose instruments fail', brokenLater],
  ['that refuses the metrics, in strict mode', conflicting],
])('a collector %s', (_, make) => {
  beforeEach(() => setMetricsCollector(make()));
  afterEach(() => setMetricsCollector(undefined));

  it.each(['constant', 'labelled'] as const)('changes nothing about a method (%s labels)', async (method) => {
    const service = new Service();
    const result = ok(1);
    const failure = new RangeError('of the method itself');
    const resultAsync = errAsync('refused');
    expect(service[method](() => 5)).toBe(5);
    expect(service[method](() => result)).toBe(result);
    expect(service[method](() => resultAsync)).toBe(resultAsync);
    expect(() =>
      service[method](() => {
        throw failure;
      }),
    ).toThrow(failure);
    expect(await service[method](async () => 5)).toBe(5);
    await expect(service[method](() => Promise.reject(failure))).rejects.toBe(failure);
    expect([...service[method](() => [1, 2][Symbol.iterator]())]).toEqual([1, 2]);
  });
});

describe('a stack that overflows', () => {
  it('leaves no series behind that were not started as a whole', async () => {
    for (let round = 0; round < 20; round++) {
      const { lines } = recordAnew();
      const endless: () => number = monitored(() => endless() + 1, {
        counter: 'calls_total',
        errorCounter: 'errors_total',
      });
      expect(endless).toThrow(RangeError);
      expect((await lines()).map((line) => line.replace(/ .*/, ''))).toEqual([
        'calls_total{outcome="thrown"}',
        'errors_total{error_type="RangeError"}',
      ]);
    }
    // Overflowing 20 times takes longer than a test may where the machine has other work.
  }, 60_000);
});
