// The bytes that MemoryStorage counts are those that it takes: measured in a process of its own, whose heap nobody else uses.
import { buildPackage, startProgram } from '../../support/program.js';

const PROGRAM = `
  import { setFlagsFromString } from 'node:v8';
  import { runInNewContext } from 'node:vm';
  import { MemoryStorage, MetricsCollector } from 'telltale';
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc');
  const taken = async () => {
    for (let i = 0; i < 4; i++) {
      gc();
      // Memory outside of the heap is given back a little later.
      await new Promise(setImmediate);
    }
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  let now = 1.7e12;
  const clock = { now: () => now, monotonic: () => now / 1000 };
  const metrics = new MetricsCollector({ clock, limits: { maxSeriesPerMetric: 3000 } });
  const natives = new MetricsCollector({ clock });
  const latency = natives.histogram('latency_seconds', { labelNames: ['id'], native: true });
  const histogramOf = (id, i) => {
    const counts = Float64Array.from({ length: 60 + (id % 3) }, (_, b) => 10 + Math.floor((i + b) / 10));
    const positive = { indexes: Int32Array.from(counts, (_, b) => b), counts };
    const negative = { indexes: new Int32Array(0), counts: new Float64Array(0) };
    return { schema: 3, zeroThreshold: 0, zeroCount: 0, count: 700 + i, sum: i / 7, positive, negative };
  };
  const requests = metrics.counter('requests_total', { labelNames: ['route', 'id'] });
  const ways = {
    snapshots: async (storage, i) => {
      for (let id = 0; id < 3000; id++) requests.increment((id * i) % 7, { route: '/route/' + (id % 50), id });
      await storage.write(await metrics.snapshot());
    },
    append: async (storage, i) => {
      for (let id = 0; id < 3000; id++) storage.append({ __name__: 'x', route: '/route/' + (id % 50), id: '' + id }, now, (id * i) % 97 / 8);
    },
    natives: async (storage, i) => {
      for (let id = 0; id < 300; id++) {
        for (let n = 0; n < 9; n++) latency.observe(1.1 ** (((id + n * i) * 7) % 97), { id });
      }
      await storage.write(await natives.snapshot());
    },
    appendHistogram: async (storage, i) => {
      for (let id = 0; id < 300; id++) storage.appendHistogram({ __name__: 'x', id: '' + id }, now, histogramOf(id, i));
    },
  };
  for (const [way, step] of Object.entries(ways)) {
    const fill = async () => {
      const storage = new MemoryStorage({ clock });
      for (let i = 0; i < 200; i++) {
        now += 15_000;
        await step(storage, i);
      }
      return storage;
    };
    await (await fill()).close();
    const before = await taken();
    const storage = await fill();
    console.log(way, storage.usage().bytes / ((await taken()) - before));
    await storage.close();
  }`;

beforeAll(buildPackage, 120_000);

it('usage().bytes is within a fifth of what is taken, by snapshots and by appended samples, numbers and histograms', async () => {
  const program = startProgram(PROGRAM);
  for (const way of ['snapshots', 'append', 'natives', 'appendHistogram']) {
    const [name, share] = (await program.line())?.split(' ') ?? [];
    expect(name).toBe(way);
    expect(Number(share)).toBeGreaterThan(0.8);
    expect(Number(share)).toBeLessThan(1.25);
  }
  expect(await program.exit).toBe(0);
}, 60_000);
