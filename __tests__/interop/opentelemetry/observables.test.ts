// Instruments that are asked, on the SDK's own provider and on telltale's: what callbacks tell, and what becomes of those that
// throw, hang, or tell nonsense.
import { type ObservableCallback, ValueType } from '@opentelemetry/api';
import { MetricsCollector, type MetricsError } from 'telltale';
import { TelltaleMeterProvider } from 'telltale/opentelemetry';
import { onBoth, samplesOf } from './both-providers.js';

describe('a callback', () => {
  it('tells totals, values and nothing, each reading anew', async () => {
    const { sdk, own } = await onBoth(async (provider, collect) => {
      let reading = 0;
      const meter = provider.getMeter('asked');
      meter.createObservableCounter('jobs', { valueType: ValueType.INT }).addCallback((result) => {
        reading++;
        result.observe(reading * 10.5);
        result.observe(reading * 20, { queue: 'mail' });
        result.observe('1' as unknown as number, { queue: 'text' });
        result.observe(Number.POSITIVE_INFINITY, { queue: 'endless' });
      });
      meter.createObservableUpDownCounter('moving').addCallback(async (result) => result.observe(-reading));
      meter.createObservableGauge('level').addCallback((result) => result.observe(reading, { a: 1 }));
      meter.createObservableGauge('never');
      await collect();
    });
    expect(own.readings).toHaveLength(2);
    expect(own.readings).toEqual(sdk.readings);
  });

  it('is added once, and can be taken away', async () => {
    const calls: string[] = [];
    const { own } = await onBoth(async (provider, collect) => {
      const gauge = provider.getMeter('asked').createObservableGauge('level');
      const callback: ObservableCallback = (result) => {
        calls.push('called');
        result.observe(1);
      };
      gauge.addCallback(callback);
      gauge.addCallback(callback);
      await collect();
      gauge.removeCallback(callback);
      gauge.removeCallback(callback);
    });
    expect(calls).toHaveLength(2);
    expect(own.readings[0]).toHaveLength(1);
    // What nobody tells any more is gone.
    expect(own.readings[1]).toHaveLength(0);
  });

  it('loses the series that it does not tell any more', async () => {
    const collector = new MetricsCollector();
    let queues = ['mail', 'print'];
    new TelltaleMeterProvider({ collector })
      .getMeter('')
      .createObservableGauge('queue.depth')
      .addCallback((result) => {
        for (const queue of queues) result.observe(1, { 'queue.name': queue });
      });
    expect(await samplesOf(collector)).toContain('queue_depth{queue_name="print"} 1');
    queues = ['mail'];
    expect(await samplesOf(collector)).toEqual(['# TYPE queue_depth gauge', 'queue_depth{queue_name="mail"} 1']);
  });
});

describe('a batch callback', () => {
  it('tells several instruments, and none but its own', async () => {
    const { sdk, own } = await onBoth((provider) => {
      const meter = provider.getMeter('asked');
      const used = meter.createObservableGauge('used');
      const free = meter.createObservableUpDownCounter('free');
      const other = meter.createObservableGauge('other');
      const callback = (result: Parameters<Parameters<typeof meter.addBatchObservableCallback>[0]>[0]) => {
        result.observe(used, 1, { disk: 'a' });
        result.observe(free, 2);
        result.observe(other, 3);
        result.observe({} as typeof used, 4);
      };
      meter.addBatchObservableCallback(callback, [used, free, used]);
      meter.addBatchObservableCallback(callback, [free, used]);
      meter.addBatchObservableCallback(() => {}, []);
    });
    expect(own.readings).toEqual(sdk.readings);
  });

  it('can be taken away with the same instruments only', async () => {
    const collector = new MetricsCollector();
    const meter = new TelltaleMeterProvider({ collector }).getMeter('');
    const used = meter.createObservableGauge('used');
    const free = meter.createObservableGauge('free');
    const callback: Parameters<typeof meter.addBatchObservableCallback>[0] = (result) => result.observe(used, 1);
    meter.addBatchObservableCallback(callback, [used, free]);
    meter.removeBatchObservableCallback(callback, [used]);
    expect(await samplesOf(collector)).toContain('used 1');
    meter.removeBatchObservableCallback(callback, [free, used]);
    expect(await samplesOf(collector)).not.toContain('used 1');
  });
});

describe('a callback that fails', () => {
  it('costs its own observations only, and is told to the reader', async () => {
    const { sdk, own, told } = await onBoth((provider) => {
      const meter = provider.getMeter('asked');
      const level = meter.createObservableGauge('level');
      level.addCallback((result) => result.observe(1, { from: 'good' }));
      level.addCallback(() => {
        throw new Error('disk gone');
      });
      level.addCallback(async () => Promise.reject(new Error('late')));
      meter.createCounter('hits').add(1);
    });
    expect(own.readings).toEqual(sdk.readings);
    expect(own.errors).toEqual(sdk.errors);
    expect(told[0]).toMatchObject({ kind: 'collect_failed', metric: 'level' });
  });

  it('takes what it told before with it, until it tells again', async () => {
    const collector = new MetricsCollector();
    let fails = false;
    new TelltaleMeterProvider({ collector })
      .getMeter('')
      .createObservableGauge('level')
      .addCallback((result) => {
        if (fails) throw new Error('disk gone');
        result.observe(1);
      });
    expect(await samplesOf(collector)).toContain('level 1');
    fails = true;
    expect(await samplesOf(collector)).not.toContain('level 1');
    fails = false;
    expect(await samplesOf(collector)).toContain('level 1');
  });

  it('is given up after the time of the collector when it hangs', async () => {
    const told: MetricsError[] = [];
    const collector = new MetricsCollector({ collectTimeoutSeconds: 0.05, onError: (error) => told.push(error) });
    const meter = new TelltaleMeterProvider({ collector }).getMeter('');
    const level = meter.createObservableGauge('level');
    let finish = () => {};
    level.addCallback(async (result) => {
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      result.observe(9);
    });
    level.addCallback((result) => result.observe(1, { from: 'good' }));
    expect(await samplesOf(collector)).toEqual(['# TYPE level gauge', 'level{from="good"} 1']);
    expect(told).toEqual([{ kind: 'collect_timed_out', metric: 'level', timeoutSeconds: 0.05 }]);
    finish();
  });
});
