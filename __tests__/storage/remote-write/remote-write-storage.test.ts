// What a RemoteWriteStorage does when its target is slow, away or does not want what it is sent: against a receiver that can be
// brought to answer anything.
import { describe as explain, MetricDefinitionError, type StorageError } from '../../../lib/errors.js';
import type { Snapshot } from '../../../lib/model/family.js';
import type { RemoteWriteOptions } from '../../../storage/remote-write/remote-write-options.js';
import { RemoteWriteStorage } from '../../../storage/remote-write/remote-write-storage.js';
import { freePort } from '../../support/free-port.js';
import { pollUntil } from '../../support/poll.js';
import { startRawServer } from '../delivery/http-servers.js';
import { plain, snapshotOf, TestFamily } from '../support/test-family.js';
import { type Receiver, type Reply, startReceiver } from './receiver.js';

const T = 1_700_000_000_000;

/** Ten samples, whose values are the step. */
function ten(step: number): Snapshot {
  const family = new TestFamily(plain('x', 'gauge'), ['id'], { blockRows: 16 });
  for (let id = 0; id < 10; id++) family.set({ id: `${id}` }, step);
  return snapshotOf(T + step, family);
}

describe('new RemoteWriteStorage', () => {
  it.each([
    ['a URL', { url: 'x' }, 'The option url is invalid'],
    ['no samples', { maxSamplesPerRequest: 0 }, 'Give a whole number from 1 to 1000000.'],
    ['half a sample', { maxSamplesPerRequest: 1.5 }, 'The option maxSamplesPerRequest is invalid (1.5).'],
    ['too few bytes', { maxBytesPerRequest: 10 }, 'The option maxBytesPerRequest is invalid (10).'],
    ['no queue', { maxQueueBytes: Number.NaN }, 'The option maxQueueBytes is invalid (NaN).'],
    ['no pause', { minBackoffMs: 0 }, 'The option minBackoffMs is invalid (0).'],
    ['a longest pause that is the shorter', { minBackoffMs: 10, maxBackoffMs: 5 }, 'Give a number from 10 to 3600000.'],
    ['no time to close', { closeTimeoutSeconds: 0 }, 'The option closeTimeoutSeconds is invalid (0).'],
    ['labels that are null', { externalLabels: null }, 'The option externalLabels is invalid (null).'],
    ['a listener that is none', { onError: 'log' }, 'The option onError is invalid (string).'],
    ['a label that is none', { externalLabels: { 'a-b': 'c' } }, '"a-b" is no valid label name for externalLabels.'],
    ['a reserved label', { externalLabels: { __name__: 'c' } }, 'The label "__name__" of externalLabels is reserved.'],
    ['a label without value', { externalLabels: { a: null } }, 'The option externalLabels.a is invalid (object).'],
  ])('refuses %s', (_what, wrong, message) => {
    const create = () => new RemoteWriteStorage({ url: 'http://x', ...wrong } as RemoteWriteOptions);
    expect(create).toThrow(MetricDefinitionError);
    expect(create).toThrow(message);
  });
});

describe('RemoteWriteStorage', () => {
  let receiver: Receiver;
  let storage: RemoteWriteStorage;
  let told: StorageError[];
  let turns: number;

  /** A storage whose requests hold five samples: two per snapshot. */
  async function start(reply?: Parameters<typeof startReceiver>[0], options: Partial<RemoteWriteOptions> = {}) {
    receiver = await startReceiver(reply);
    storage = storageAt(receiver.url, options);
  }

  function storageAt(url: string, options: Partial<RemoteWriteOptions> = {}): RemoteWriteStorage {
    told = [];
    turns = 0;
    return new RemoteWriteStorage({
      url,
      maxSamplesPerRequest: 5,
      minBackoffMs: 1,
      maxBackoffMs: 2,
      onError: (error) => told.push(error),
      ...options,
    });
  }

  afterEach(async () => {
    await storage?.close();
    await receiver?.close();
  });

  const sent = () =>
    pollUntil(
      { what: 'An empty queue', timeoutMs: 5_000, intervalMs: 2 },
      async () => figures().queued === 0 || undefined,
    );
  const figures = () => storage.statistics()[0] as Required<ReturnType<RemoteWriteStorage['statistics']>[number]>;
  /** The samples that the receiver has accepted, in their order. */
  const stepsOf = (requests: Receiver['requests']) =>
    requests.flatMap(({ series }) => series.map(({ value }) => value));

  describe('write', () => {
    it('answers the number of samples before anything is sent, and sends in order', async () => {
      await start();
      for (let step = 0; step < 5; step++) expect((await storage.write(ten(step)))._unsafeUnwrap()).toBe(10);
      expect(receiver.requests).toHaveLength(0);
      await sent();
      expect(stepsOf(receiver.requests)).toEqual(
        [0, 1, 2, 3, 4].flatMap((step) => Array.from({ length: 10 }, () => step)),
      );
      expect(figures()).toMatchObject({ storage: 'remote-write', writes: 10, failures: {}, queued: 0, dropped: 0 });
      expect(figures().bytes).toBe(receiver.requests.reduce((sum, { body }) => sum + body.length / 2, 0));
      expect(told).toEqual([]);
    });

    it.each([
      ['500', { status: 500 }],
      ['503', { status: 503, headers: { 'Retry-After': '0' } }],
      ['429', { status: 429, headers: { 'Retry-After': 'soon' } }],
    ])('sends the same request again on a %s, until it is taken', async (_status, refusal) => {
      await start((_request, ordinal) => (ordinal < 3 ? refusal : { status: 204 }));
      await storage.write(ten(1));
      await sent();
      const bodies = receiver.requests.map(({ body }) => body);
      expect(new Set(bodies.slice(0, 4)).size).toBe(1);
      expect(bodies).toHaveLength(5);
      expect(figures()).toMatchObject({ writes: 5, failures: { push_rejected: 3 }, dropped: 0 });
      expect(told.map(({ kind }) => kind)).toEqual(['push_rejected']);
      expect(explain(told[0] as StorageError)).toContain('It may take it later');
    });

    it.each([
      ['in seconds', () => '100'],
      ['as a date', () => new Date(Date.now() + 100_000).toUTCString()],
    ])('waits for as long as it is asked to %s, but not when it is told to try now', async (_how, retryAfter) => {
      await start((_request, ordinal) =>
        ordinal === 0 ? { status: 503, headers: { 'Retry-After': retryAfter() } } : { status: 204 },
      );
      await storage.write(ten(1));
      await pollUntil({ what: 'A refusal', timeoutMs: 5_000, intervalMs: 2 }, async () => told.length > 0 || undefined);
      // Without the header it would be sent again within 2 ms.
      await storage.write(ten(2));
      await pollUntil({ what: 'Some turns', timeoutMs: 5_000, intervalMs: 10 }, async () => ++turns > 3 || undefined);
      expect(figures()).toMatchObject({ writes: 1, queued: 2 });
      storage.retryNow();
      await sent();
      expect(receiver.requests).toHaveLength(5);
    });

    it.each([
      ['400', { status: 400, body: 'out of order sample' }, 'status 400: out of order sample. Correct what'],
      ['401', { status: 401 }, 'status 401: Unauthorized (check auth'],
      [
        'a redirect',
        { status: 307, headers: { Location: 'https://x.example/write' } },
        'redirects to https://x.example/write',
      ],
    ])('gives up a request on %s, says so once, and goes on with the next one', async (_status, refusal, message) => {
      await start((_request, ordinal) => (ordinal % 2 === 0 ? refusal : { status: 204 }));
      for (let step = 0; step < 3; step++) await storage.write(ten(step));
      await sent();
      expect(receiver.requests).toHaveLength(6);
      expect(figures()).toMatchObject({ writes: 6, failures: { push_rejected: 3 }, dropped: 15 });
      expect(explain(told[0] as StorageError)).toContain(message);
    });

    it('says nothing twice until something was sent', async () => {
      const replies: Reply[] = [{ status: 400 }, { status: 400 }, { status: 500 }, { status: 204 }, { status: 400 }];
      await start((_request, ordinal) => replies[ordinal] ?? { status: 204 });
      for (let step = 0; step < 2; step++) await storage.write(ten(step));
      await sent();
      expect(told.map((error) => error.kind === 'push_rejected' && error.status)).toEqual([400, 500, 400]);
    });

    it('survives an onError that throws', async () => {
      const onError = () => {
        throw new Error('no listener');
      };
      await start((_request, ordinal) => ({ status: ordinal === 0 ? 500 : 204 }), { onError });
      await storage.write(ten(1));
      await sent();
      expect(receiver.requests).toHaveLength(3);
    });

    it('sends again what was not answered in time', async () => {
      await start((_request, ordinal) => (ordinal === 0 ? 'nothing' : { status: 204 }), { timeoutMs: 50 });
      await storage.write(ten(1));
      await sent();
      expect(receiver.requests.map(({ body }) => body)[1]).toBe(receiver.requests[0]?.body);
      expect(receiver.requests).toHaveLength(3);
      expect(figures().failures).toEqual({ push_timed_out: 1 });
    });

    it.each([
      ['answers garbage', 'garbage\r\n\r\n', 'what it answers is not HTTP'],
      ['closes the connection', '', 'it closed the connection'],
    ])('keeps what it has while the target %s', async (_what, text, message) => {
      const server = await startRawServer((socket) => socket.end(text));
      storage = storageAt(server.url, { closeTimeoutSeconds: 0.001 });
      await storage.write(ten(1));
      await pollUntil(
        { what: 'Three attempts', timeoutMs: 5_000, intervalMs: 2 },
        async () => figures().writes > 2 || undefined,
      );
      expect(figures()).toMatchObject({ queued: 1, dropped: 0 });
      expect(explain(told[0] as StorageError)).toContain(message);
      expect(told).toHaveLength(1);
      await storage.close();
      await server.close();
    });

    it('keeps what it has while the name of the target is unknown', async () => {
      storage = storageAt('http://receiver.invalid/write', { closeTimeoutSeconds: 0.001 });
      await storage.write(ten(1));
      await pollUntil(
        { what: 'An attempt', timeoutMs: 5_000, intervalMs: 2 },
        async () => told.length > 0 || undefined,
      );
      expect(explain(told[0] as StorageError)).toMatch(/the name (is unknown|cannot be looked up)/);
    });

    it('gives up the oldest snapshots when the queue is full, counts their samples, and says so', async () => {
      await start((_request, ordinal) => (ordinal < 3 ? { status: 503 } : { status: 204 }), {
        // Room for some four snapshots.
        maxQueueBytes: 4500,
        minBackoffMs: 60_000,
        maxBackoffMs: 60_000,
      });
      await storage.write(ten(0));
      await pollUntil({ what: 'A refusal', timeoutMs: 5_000, intervalMs: 2 }, async () => told.length > 0 || undefined);
      for (let step = 1; step < 20; step++) expect((await storage.write(ten(step)))._unsafeUnwrap()).toBe(10);
      const { queued, dropped } = figures();
      expect(queued).toBeGreaterThan(2);
      expect(queued).toBeLessThan(6);
      expect(dropped).toBe((20 - queued) * 10);
      expect(told.map(({ kind }) => kind)).toEqual(['push_rejected', 'queue_full']);
      await pollUntil({ what: 'An empty queue', timeoutMs: 5_000, intervalMs: 2 }, async () => {
        storage.retryNow();
        return figures().queued === 0 || undefined;
      });
      // The one that was being sent stayed, and the latest.
      const steps = stepsOf(receiver.requests.slice(3)).filter((_value, i) => i % 10 === 0);
      expect(steps).toEqual([0, ...Array.from({ length: queued - 1 }, (_, i) => 21 - queued + i)]);
    });

    it('refuses a snapshot that does not fit at all', async () => {
      await start(undefined, { maxQueueBytes: 100 });
      expect((await storage.write(ten(1)))._unsafeUnwrapErr()).toEqual({
        kind: 'queue_full',
        storage: 'remote-write',
        droppedSamples: 10,
      });
      expect(figures()).toMatchObject({ queued: 0, dropped: 10 });
    });

    it('goes on after families that throw while they are sent', async () => {
      await start();
      let walks = 0;
      const [family] = ten(1).families;
      const blocks = () => {
        if (++walks > 3) throw new Error('These blocks are gone.');
        return family?.blocks() ?? [];
      };
      const broken = { timestampMs: T, families: [{ ...family, blocks }] } as Snapshot;
      expect((await storage.write(broken)).isOk()).toBe(true);
      await storage.write(ten(2));
      await sent();
      expect(stepsOf(receiver.requests)).toEqual(Array.from({ length: 10 }, () => 2));
      expect(figures().dropped).toBe(10);
      expect(told.map(({ kind }) => kind)).toEqual(['storage_failed']);
    });
  });

  describe('close', () => {
    it('sends what is queued, ends a pause for it, and refuses what comes later', async () => {
      await start((_request, ordinal) => ({ status: ordinal === 0 ? 503 : 204 }), {
        minBackoffMs: 60_000,
        maxBackoffMs: 60_000,
      });
      await storage.write(ten(1));
      await pollUntil({ what: 'A refusal', timeoutMs: 5_000, intervalMs: 2 }, async () => told.length > 0 || undefined);
      await storage.write(ten(2));
      expect((await storage.close()).isOk()).toBe(true);
      expect(stepsOf(receiver.requests.slice(1))).toHaveLength(20);
      expect((await storage.write(ten(3)))._unsafeUnwrapErr()).toEqual({
        kind: 'storage_closed',
        storage: 'remote-write',
      });
    });

    it('gives up when its time is over, and tells what is lost', async () => {
      await start((_request, ordinal) => (ordinal === 0 ? { status: 204 } : 'nothing'), { closeTimeoutSeconds: 0.05 });
      await storage.write(ten(1));
      await storage.write(ten(2));
      const error = (await storage.close())._unsafeUnwrapErr();
      expect(error).toEqual({
        kind: 'storage_timed_out',
        storage: 'remote-write',
        timeoutSeconds: 0.05,
        lostSamples: 15,
      });
      expect(explain(error)).toContain('15 samples that it had not sent by then are lost; check its target');
      expect(figures().dropped).toBe(15);
      expect((await storage.close())._unsafeUnwrapErr()).toBe(error);
    });

    it('holds nothing that keeps a process alive, and neither does waiting for a target that is away', async () => {
      // Of this process, which has timers and sockets of its own: what counts is that there are no more.
      const held = (kind: string) => process.getActiveResourcesInfo().filter((one) => one === kind).length;
      const before = { timers: held('Timeout'), sockets: held('TCPSocketWrap') };
      const pause = { minBackoffMs: 60_000, maxBackoffMs: 60_000, closeTimeoutSeconds: 0.001 };
      storage = storageAt(`http://127.0.0.1:${await freePort()}`, pause);
      await storage.write(ten(1));
      await pollUntil({ what: 'A failure', timeoutMs: 5_000, intervalMs: 2 }, async () => told.length > 0 || undefined);
      expect({ timers: held('Timeout'), sockets: held('TCPSocketWrap') }).toEqual(before);
      await storage.close();
      await start();
      await storage.write(ten(1));
      await storage.close();
      await pollUntil({ what: 'The end of the connection', timeoutMs: 5_000, intervalMs: 2 }, async () =>
        held('TCPSocketWrap') === before.sockets ? true : undefined,
      );
      expect(held('Timeout')).toBe(before.timers);
    });
  });
});
