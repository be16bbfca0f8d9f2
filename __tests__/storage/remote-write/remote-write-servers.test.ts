// Nothing is lost and nothing is doubled, on real servers: stopped and started again, slow, silent and refusing. After each of
// these, every sample that was written is compared with what the server holds.
import type { Snapshot } from '../../../lib/model/family.js';
import { samplesOf } from '../../../lib/model/samples.js';
import type { RemoteWriteOptions } from '../../../storage/remote-write/remote-write-options.js';
import { RemoteWriteStorage } from '../../../storage/remote-write/remote-write-storage.js';
import { pollUntil } from '../../support/poll.js';
import { describeWithServer } from '../../support/servers.js';
import { histogram, plain, snapshotOf, TestFamily } from '../support/test-family.js';
import { startRefusingFront, startTcpProxy } from './proxies.js';
import { keyOf, type RemoteWriteServer, type Stored, servers, WRITE_PATH } from './servers.js';

/** A storage, and a record of every sample that it was given. */
class Ledger {
  readonly storage: RemoteWriteStorage;
  readonly #prefix: string;
  readonly #counter: TestFamily;
  readonly #latency: TestFamily;
  readonly #expected: Record<string, [number, number][]> = {};
  /** A minute ago, so that everything is in the past of every server. */
  #timestampMs = Date.now() - 60_000;
  #step = 0;

  constructor(port: number, prefix: string, options: Partial<RemoteWriteOptions> = {}) {
    this.#prefix = prefix;
    this.#counter = new TestFamily(plain(`${prefix}_total`), ['id'], { blockRows: 32 });
    this.#latency = new TestFamily(histogram(`${prefix}_seconds`, [0.1, 1]), ['route']);
    // A snapshot takes three requests. Numbers are such that VictoriaMetrics, which keeps some 12 digits, keeps them whole.
    this.storage = new RemoteWriteStorage({
      url: `http://127.0.0.1:${port}${WRITE_PATH}`,
      externalLabels: { service: 'ledger' },
      maxSamplesPerRequest: 50,
      minBackoffMs: 5,
      maxBackoffMs: 50,
      ...options,
    });
  }

  /** Writes so many snapshots of 115 samples, a second apart. */
  async write(snapshots: number): Promise<void> {
    for (let i = 0; i < snapshots; i++) {
      this.#step++;
      this.#timestampMs += 1000;
      for (let id = 0; id < 100; id++) this.#counter.set({ id: `${id}` }, this.#step * (id + 0.5));
      for (const route of ['/', '/a "b"', 'ü']) this.#latency.set({ route }, this.#step, 2, 3, this.#step / 4);
      const snapshot = snapshotOf(this.#timestampMs, this.#counter, this.#latency);
      this.#record(snapshot);
      expect((await this.storage.write(snapshot)).isOk()).toBe(true);
    }
  }

  /** Resolves when everything was sent. */
  async sent(): Promise<void> {
    await pollUntil({ what: 'An empty queue', timeoutMs: 40_000, intervalMs: 10 }, async () =>
      this.figures.queued === 0 ? true : undefined,
    );
  }

  get figures() {
    return this.storage.statistics()[0] as Required<ReturnType<RemoteWriteStorage['statistics']>[number]>;
  }

  /** Every sample, one by one. */
  async expectStored(server: RemoteWriteServer): Promise<void> {
    let found: Stored = {};
    const count = (stored: Stored) => Object.values(stored).reduce((sum, points) => sum + points.length, 0);
    await pollUntil({ what: `${count(this.#expected)} samples to be shown`, timeoutMs: 5_000 }, async () => {
      found = await server.stored(this.#prefix);
      if (count(found) === count(this.#expected)) return true;
      throw new Error(`There are ${count(found)}.`);
    }).catch(() => {});
    expect(found).toEqual(this.#expected);
  }

  #record(snapshot: Snapshot): void {
    for (const { name, labels, value } of samplesOf(snapshot)) {
      const key = keyOf({ __name__: name, service: 'ledger', ...labels });
      this.#expected[key] ??= [];
      this.#expected[key].push([snapshot.timestampMs, value]);
    }
  }
}

for (const [name, start] of Object.entries(servers)) {
  describeWithServer(name, `RemoteWriteStorage and a real ${name}`, () => {
    let server: RemoteWriteServer;
    const ledgers: Ledger[] = [];
    const between: { close(): Promise<void> }[] = [];

    beforeAll(async () => {
      server = await start();
    });

    afterAll(() => server.remove());

    afterEach(async () => {
      for (const { storage } of ledgers.splice(0)) await storage.close();
      for (const one of between.splice(0)) await one.close();
    });

    /** To be closed after the test, however it ends. */
    function opened<T extends { close(): Promise<void> }>(one: T): T {
      between.push(one);
      return one;
    }

    function ledgerAt(port: number, prefix: string, options: Partial<RemoteWriteOptions> = {}): Ledger {
      const ledger = new Ledger(port, prefix, options);
      ledgers.push(ledger);
      return ledger;
    }

    it('stores every sample', async () => {
      const ledger = ledgerAt(server.port, 'plain');
      await ledger.write(5);
      await ledger.sent();
      await ledger.expectStored(server);
      expect(ledger.figures).toMatchObject({ writes: 15, failures: {}, dropped: 0 });
    });

    it('sends what is queued when it is closed', async () => {
      const ledger = ledgerAt(server.port, 'closing');
      await ledger.write(5);
      expect((await ledger.storage.close()).isOk()).toBe(true);
      await ledger.expectStored(server);
    });

    it('keeps what it is given while the server is stopped, and sends it when it is there again', async () => {
      const ledger = ledgerAt(server.port, 'stopped');
      await ledger.write(3);
      await ledger.sent();
      await server.stop();
      await ledger.write(4);
      await pollUntil({ what: 'A failure', timeoutMs: 5_000, intervalMs: 5 }, async () =>
        (ledger.figures.failures['push_unreachable'] ?? 0) > 2 ? true : undefined,
      );
      expect(ledger.figures).toMatchObject({ queued: 4, dropped: 0 });
      await server.start();
      await ledger.write(2);
      await ledger.sent();
      await ledger.expectStored(server);
    });

    it('loses nothing to a server that is stopped in the middle of a snapshot', async () => {
      const proxy = opened(await startTcpProxy(server.port));
      proxy.delayMs = 20;
      const ledger = ledgerAt(proxy.port, 'middle');
      const answered = proxy.nextAnswer();
      await ledger.write(5);
      await answered;
      await server.stop();
      await ledger.write(2);
      await server.start();
      await ledger.sent();
      await ledger.expectStored(server);
    });

    // VictoriaMetrics keeps the last seconds in memory, and a crash loses what it has taken.
    if (name === 'prometheus') {
      it('loses nothing to a server that is killed, again and again', async () => {
        const proxy = opened(await startTcpProxy(server.port));
        proxy.delayMs = 5;
        const ledger = ledgerAt(proxy.port, 'killed');
        for (let crash = 0; crash < 5; crash++) {
          await ledger.write(2);
          await proxy.nextAnswer();
          await server.kill();
          await server.start();
        }
        await ledger.sent();
        await ledger.expectStored(server);
      });
    }

    it('waits for a slow server', async () => {
      const proxy = opened(await startTcpProxy(server.port));
      proxy.delayMs = 30;
      const ledger = ledgerAt(proxy.port, 'slow');
      await ledger.write(4);
      await ledger.sent();
      await ledger.expectStored(server);
      expect(ledger.figures).toMatchObject({ writes: 12, failures: {} });
      expect(ledger.figures.writeSeconds).toBeGreaterThan(0.3);
    });

    it('sends again what the server has taken without an answer, and its samples count once', async () => {
      const proxy = opened(await startTcpProxy(server.port));
      proxy.keepsAnswers = true;
      const ledger = ledgerAt(proxy.port, 'silent', { timeoutMs: 150 });
      const answered = proxy.nextAnswer();
      await ledger.write(3);
      await answered;
      await proxy.nextAnswer();
      proxy.keepsAnswers = false;
      await ledger.sent();
      await ledger.expectStored(server);
      expect(ledger.figures.failures['push_timed_out']).toBeGreaterThan(0);
    });

    it('outlasts a server that hangs', async () => {
      const ledger = ledgerAt(server.port, 'hanging', { timeoutMs: 150 });
      await ledger.write(2);
      await ledger.sent();
      server.hang(true);
      try {
        await ledger.write(3);
        await pollUntil({ what: 'Two attempts', timeoutMs: 30_000, intervalMs: 10 }, async () =>
          (ledger.figures.failures['push_timed_out'] ?? 0) > 1 ? true : undefined,
        );
      } finally {
        server.hang(false);
      }
      await ledger.sent();
      await ledger.expectStored(server);
    });

    it('outlasts refusals', async () => {
      const refusals = [429, 500, undefined, 503, 502, 429, undefined, 500];
      const front = opened(await startRefusingFront(server.port, refusals));
      const ledger = ledgerAt(front.port, 'refused');
      await ledger.write(3);
      await ledger.sent();
      await ledger.expectStored(server);
      expect(front.statuses.filter((status) => status < 300)).toHaveLength(9);
      expect(ledger.figures).toMatchObject({ writes: 15, failures: { push_rejected: 6 }, dropped: 0 });
    });

    it('ends series that vanish, so that queries stop showing them at once', async () => {
      const family = new TestFamily(plain('vanishing', 'gauge'), ['id']).set({ id: 'a' }, 1).set({ id: 'b' }, 2);
      const storage = new RemoteWriteStorage({ url: `http://127.0.0.1:${server.port}${WRITE_PATH}` });
      const timestampMs = Math.floor(Date.now() / 1000) * 1000 - 30_000;
      await storage.write(snapshotOf(timestampMs, family));
      await storage.write(snapshotOf(timestampMs + 10_000, family.remove({ id: 'a' })));
      await storage.close();
      const idsAt = async (timeMs: number) => {
        await server.stored('vanishing');
        const samples = await server.api.get<{
          readonly result: readonly { readonly metric: { readonly id: string } }[];
        }>('query', { query: 'vanishing', time: String(timeMs / 1000), nocache: '1' });
        return samples.result.map(({ metric }) => metric.id).sort();
      };
      await pollUntil({ what: 'Both series to be shown', timeoutMs: 30_000 }, async () =>
        (await idsAt(timestampMs + 9_000)).join() === 'a,b' ? true : undefined,
      );
      expect(await idsAt(timestampMs + 11_000)).toEqual(['b']);
    });

    it('says why the path of a wrong URL was refused', async () => {
      const told: unknown[] = [];
      const storage = new RemoteWriteStorage({
        url: `http://127.0.0.1:${server.port}/no/such/path`,
        onError: (error) => told.push(error),
      });
      await storage.write(snapshotOf(Date.now(), new TestFamily(plain('lost')).set({}, 1)));
      expect((await storage.close()).isOk()).toBe(true);
      expect(told).toMatchObject([{ kind: 'push_rejected', status: expect.any(Number) }]);
      expect(storage.statistics()).toMatchObject([{ dropped: 1, failures: { push_rejected: 1 } }]);
    });
  });
}

describeWithServer('prometheus', 'RemoteWriteStorage and a Prometheus that refuses samples', () => {
  it('gives up those that are out of order with its reason, and goes on', async () => {
    const server = await servers.prometheus();
    const told: unknown[] = [];
    const storage = new RemoteWriteStorage({
      url: `http://127.0.0.1:${server.port}${WRITE_PATH}`,
      onError: (error) => told.push(error),
    });
    const family = new TestFamily(plain('order')).set({}, 1);
    const timestampMs = Date.now() - 30_000;
    for (const offset of [0, -5000, 1000]) await storage.write(snapshotOf(timestampMs + offset, family));
    expect((await storage.close()).isOk()).toBe(true);
    expect(told).toMatchObject([{ kind: 'push_rejected', status: 400, body: expect.stringContaining('out of order') }]);
    expect(storage.statistics()).toMatchObject([{ dropped: 1, writes: 3 }]);
    expect(Object.values(await server.stored('order'))).toEqual([
      [
        [timestampMs, 1],
        [timestampMs + 1000, 1],
      ],
    ]);
    await server.remove();
  });
});
