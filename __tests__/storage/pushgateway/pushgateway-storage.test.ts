// What reaches a real Pushgateway, and what is answered when it refuses, is away, or asks for a password.
import { PrometheusStorage } from 'telltale/storage';
import { describe as explain, MetricDefinitionError } from '../../../lib/errors.js';
import { type PushgatewayOptions, PushgatewayStorage } from '../../../storage/pushgateway/pushgateway-storage.js';
import { freePort } from '../../support/free-port.js';
import { halt } from '../../support/halted.js';
import { type Certificates, getText, makeCertificates } from '../../support/https.js';
import { pollUntil } from '../../support/poll.js';
import { type Pushgateway, startPushgateway } from '../../support/pushgateway.js';
import { describeWithServer } from '../../support/servers.js';
import { WEB_USER, type WebConfig, writeWebConfig } from '../../support/web-config.js';
import { answerText, startRawServer } from '../delivery/http-servers.js';
import { histogram, plain, snapshotOf, TestFamily } from '../support/test-family.js';

const rows = (value: number) => snapshotOf(1_700_000_000_000, new TestFamily(plain('rows', 'gauge')).set({}, value));

describe('new PushgatewayStorage', () => {
  it('goes by the name of PrometheusStorage as well', () => {
    expect(PrometheusStorage).toBe(PushgatewayStorage);
  });

  it.each([
    ['mode', { mode: 'append' }],
    ['gzip', { gzip: 1 }],
    ['deleteOnClose', { deleteOnClose: 'yes' }],
    ['url', { url: 'gateway' }],
  ])('refuses a wrong %s', (option, wrong) => {
    const create = () => new PushgatewayStorage({ url: 'http://x', jobName: 'j', ...wrong } as PushgatewayOptions);
    expect(create).toThrow(MetricDefinitionError);
    expect(create).toThrow(`The option ${option} is invalid`);
  });

  it('refuses a grouping key that cannot be', () => {
    expect(() => new PushgatewayStorage({ url: 'http://x', jobName: '' })).toThrow(
      'The grouping label "job" is invalid',
    );
  });
});

describeWithServer('pushgateway', 'PushgatewayStorage', () => {
  let gateway: Pushgateway;
  const open: PushgatewayStorage[] = [];

  beforeAll(async () => {
    gateway = await startPushgateway();
  });

  afterAll(() => gateway.stop());

  afterEach(async () => {
    for (const storage of open.splice(0)) await storage.close();
  });

  function storageOf(options: Partial<PushgatewayOptions> = {}): PushgatewayStorage {
    const storage = new PushgatewayStorage({ url: gateway.url, jobName: 'j', ...options });
    open.push(storage);
    return storage;
  }

  const group = async (job: string, name = 'rows') =>
    (await gateway.samples(name)).filter(({ labels }) => labels.job === job);
  /** The gateway accepts a deletion at once, and carries it out a little later. */
  const groupHas = (job: string, count: number) =>
    pollUntil({ what: `${job} with ${count} series`, timeoutMs: 10_000 }, async () =>
      (await group(job)).length === count ? true : undefined,
    );

  describe('write', () => {
    it.each([
      ['a name', 'nightly', { shard: 'a' }],
      ['slashes', 'a/b', { path: '/var/x' }],
      ['dots', '..', { a: '.', b: '..' }],
      ['spaces, signs and letters of the world', 'a b?c#d%2F', { text: 'Ελλάδα 🏔 "x"\\\n' }],
    ])('pushes to a group whose labels have %s', async (_what, jobName, groupingKey) => {
      const answer = await storageOf({ jobName, groupingKey }).write(rows(7));
      expect(answer._unsafeUnwrap()).toBe(1);
      expect(await group(jobName)).toEqual([{ labels: { job: jobName, ...groupingKey }, value: 7 }]);
    });

    it('pushes to a group with an empty label', async () => {
      await storageOf({ jobName: 'with-empty', groupingKey: { empty: '' } }).write(rows(3));
      expect(await group('with-empty')).toEqual([{ labels: { job: 'with-empty' }, value: 3 }]);
    });

    it('pushes info and state sets as gauges', async () => {
      const build = new TestFamily(plain('build_info', 'info'), ['version']).set({ version: '1' }, 1);
      const mode = new TestFamily({ ...plain('mode'), type: 'stateset', states: ['on', 'off'] }).set({}, 0, 1);
      const answer = await storageOf({ jobName: 'types' }).write(snapshotOf(0, build, mode));
      expect(answer._unsafeUnwrap()).toBe(3);
      expect(await group('types', 'build_info')).toEqual([{ labels: { job: 'types', version: '1' }, value: 1 }]);
      expect(await group('types', 'mode')).toEqual([
        { labels: { job: 'types', mode: 'off' }, value: 1 },
        { labels: { job: 'types', mode: 'on' }, value: 0 },
      ]);
    });

    it('compresses the body where it is told to, and counts the bytes that it sent', async () => {
      const family = new TestFamily(plain('rows', 'gauge'), ['id'], { blockRows: 512 });
      for (let id = 0; id < 500; id++) family.set({ id: `${id}` }, id);
      const snapshot = snapshotOf(0, family);
      const [whole, zipped] = [storageOf({ jobName: 'whole' }), storageOf({ jobName: 'zipped', gzip: true })];
      await whole.write(snapshot);
      await zipped.write(snapshot);
      expect(await group('zipped')).toHaveLength(500);
      const bytes = [whole, zipped].map((storage) => storage.statistics()[0]?.bytes ?? 0);
      expect(bytes[0]).toBeGreaterThan(8_000);
      expect(bytes[1]).toBeLessThan((bytes[0] as number) / 2);
    });

    it('replaces the whole group, or only metrics of the same name', async () => {
      const other = snapshotOf(0, new TestFamily(plain('other', 'gauge')).set({}, 1));
      const merging = storageOf({ jobName: 'modes', mode: 'merge' });
      await merging.write(rows(1));
      await merging.write(other);
      expect([await group('modes'), await group('modes', 'other')].map(({ length }) => length)).toEqual([1, 1]);
      await storageOf({ jobName: 'modes' }).write(other);
      expect(await group('modes')).toEqual([]);
    });

    it("answers the gateway's own reason, and goes on", async () => {
      const storage = storageOf({ jobName: 'refused' });
      await storage.write(rows(1));
      const otherType = snapshotOf(0, new TestFamily(plain('rows', 'counter')).set({}, 1));
      const error = (await storageOf({ jobName: 'other-type' }).write(otherType))._unsafeUnwrapErr();
      expect(error).toMatchObject({ kind: 'push_rejected', status: 400, target: gateway.url });
      expect(explain(error)).toContain('status 400: pushed metrics are invalid or inconsistent with existing metrics');
      expect((await storage.write(rows(2))).isOk()).toBe(true);
      expect(await group('refused')).toEqual([{ labels: { job: 'refused' }, value: 2 }]);
    });

    it('says that the URL is of another place', async () => {
      const error = (await storageOf({ url: `${gateway.url}/elsewhere` }).write(rows(1)))._unsafeUnwrapErr();
      expect(explain(error)).toContain('status 404: 404 page not found (check the path of the URL)');
    });

    it('sends one after the other', async () => {
      const storage = storageOf({ jobName: 'ordered' });
      await Promise.all(Array.from({ length: 20 }, (_, i) => storage.write(rows(i))));
      expect(await group('ordered')).toEqual([{ labels: { job: 'ordered' }, value: 19 }]);
    });

    it.each([
      ['a label of the series', new TestFamily(plain('x'), ['shard']).set({ shard: '1' }, 1), 'shard'],
      ['the job as a label of the series', new TestFamily(plain('x'), ['job']).set({ job: '1' }, 1), 'job'],
      [
        'a label of all series',
        new TestFamily(plain('x'), [], { constantLabels: [['shard', '1']] }).set({}, 1),
        'shard',
      ],
      [
        'the name of a state set',
        new TestFamily({ ...plain('shard'), type: 'stateset', states: ['a'] }).set({}, 1),
        'shard',
      ],
    ])('sends nothing where the grouping key has %s', async (_what, family, label) => {
      const { url, sockets, close } = await startRawServer(() => {});
      const storage = storageOf({ url, groupingKey: { shard: 1 } });
      const error = (await storage.write(snapshotOf(0, family)))._unsafeUnwrapErr();
      expect(error).toMatchObject({ kind: 'invalid_grouping_key', label });
      expect(explain(error)).toMatch(/^The grouping label "\w+" is invalid. The metric \w+ has this label as well/);
      expect(sockets).toHaveLength(0);
      await close();
    });

    it('takes series whose label of that name is empty or gone', async () => {
      const family = new TestFamily(plain('rows', 'gauge'), ['shard']).set({ shard: '' }, 4).set({ shard: 'x' }, 5);
      const answer = await storageOf({ jobName: 'empty', groupingKey: { shard: 1 } }).write(
        snapshotOf(0, family.remove({ shard: 'x' })),
      );
      expect(answer._unsafeUnwrap()).toBe(1);
      expect(await group('empty')).toEqual([{ labels: { job: 'empty', shard: '1' }, value: 4 }]);
    });

    it('says that nothing listens, and pushes when the gateway is there', async () => {
      const port = await freePort();
      const storage = storageOf({ url: `http://127.0.0.1:${port}` });
      const error = (await storage.write(rows(1)))._unsafeUnwrapErr();
      expect(error.kind).toBe('push_unreachable');
      const late = await startPushgateway([`--web.listen-address=127.0.0.1:${port}`]);
      expect((await storage.write(rows(2)))._unsafeUnwrap()).toBe(1);
      expect(await late.samples('rows')).toEqual([{ labels: { job: 'j' }, value: 2 }]);
      await late.stop();
    });

    it('finds a gateway again that was started anew while its connection was kept', async () => {
      const first = await startPushgateway();
      const storage = storageOf({ url: first.url });
      await storage.write(rows(1));
      await first.stop();
      const second = await startPushgateway([`--web.listen-address=127.0.0.1:${first.port}`]);
      expect((await storage.write(rows(2)))._unsafeUnwrap()).toBe(1);
      expect(await second.samples('rows')).toEqual([{ labels: { job: 'j' }, value: 2 }]);
      await second.stop();
    });

    it('gives up on a gateway that hangs, and pushes when it goes on', async () => {
      const hanging = await startPushgateway();
      const storage = storageOf({ url: hanging.url, timeoutMs: 100 });
      await storage.write(rows(1));
      await halt(hanging.pid);
      expect((await storage.write(rows(2)))._unsafeUnwrapErr()).toEqual({
        kind: 'push_timed_out',
        target: hanging.url,
        timeoutMs: 100,
      });
      process.kill(hanging.pid, 'SIGCONT');
      const patient = storageOf({ url: hanging.url });
      expect((await patient.write(rows(3))).isOk()).toBe(true);
      await hanging.stop();
    });

    it.each([
      ['answers 500', answerText('500 Oops', 'out of disk'), 'status 500: out of disk'],
      ['answers garbage', 'garbage\r\n\r\n', 'what it answers is not HTTP'],
      [
        'redirects',
        answerText('301 Moved', '', ['Location: https://x.example/metrics']),
        'it redirects to https://x.example/metrics',
      ],
      ['never answers', '', 'did not answer within 60 ms'],
    ])('says that a gateway %s', async (_what, text, message) => {
      const { url, close } = await startRawServer((socket) => socket.write(text));
      const error = (await storageOf({ url, timeoutMs: 60 }).write(rows(1)))._unsafeUnwrapErr();
      expect(explain(error)).toContain(message);
      await close();
    });
  });

  describe('delete', () => {
    it('removes this group and no other', async () => {
      const storage = storageOf({ jobName: 'gone' });
      const instance = storageOf({ jobName: 'gone', groupingKey: { instance: 'a' } });
      await storage.write(rows(1));
      await instance.write(rows(2));
      expect((await storage.delete()).isOk()).toBe(true);
      expect((await storage.delete()).isOk()).toBe(true);
      await groupHas('gone', 1);
      expect(await group('gone')).toEqual([{ labels: { job: 'gone', instance: 'a' }, value: 2 }]);
    });
  });

  describe('close', () => {
    it('leaves the group, or deletes it where it is told to', async () => {
      const [staying, going] = [
        storageOf({ jobName: 'staying' }),
        storageOf({ jobName: 'going', deleteOnClose: true }),
      ];
      for (const storage of [staying, going]) {
        void storage.write(rows(1));
        expect((await storage.close()).isOk()).toBe(true);
        expect((await storage.close()).isOk()).toBe(true);
        expect((await storage.delete())._unsafeUnwrapErr().kind).toBe('storage_closed');
      }
      await groupHas('going', 0);
      expect(await group('staying')).toHaveLength(1);
    });
  });

  describe('with TLS and a password', () => {
    let certificates: Certificates;
    let config: WebConfig;
    let secure: Pushgateway;
    let url: string;

    beforeAll(async () => {
      certificates = await makeCertificates();
      config = await writeWebConfig(certificates, { mutual: true });
      secure = await startPushgateway([`--web.config.file=${config.file}`]);
      url = `https://127.0.0.1:${secure.port}`;
    });

    afterAll(async () => {
      await secure.stop();
      await config.remove();
      await certificates.remove();
    });

    const tls = () => ({ ca: certificates.ca, cert: certificates.clientCert, key: certificates.clientKey });

    it('pushes what the gateway then shows', async () => {
      const storage = storageOf({ url, tls: tls(), auth: WEB_USER, jobName: 'secure' });
      const bounds = histogram('latency_seconds', [0.5, 1]);
      const answer = await storage.write(snapshotOf(0, new TestFamily(bounds).set({}, 1, 2, 3, 4.5)));
      expect(answer._unsafeUnwrap()).toBe(5);
      const shown = await getText(`${url}/metrics`, { ...tls(), auth: `${WEB_USER.username}:${WEB_USER.password}` });
      expect(shown).toContain('latency_seconds_bucket{instance="",job="secure",le="+Inf"} 6\n');
    });

    it('says that the password is wrong', async () => {
      const storage = storageOf({ url, tls: tls(), auth: { ...WEB_USER, password: 'guess' } });
      const error = (await storage.write(rows(1)))._unsafeUnwrapErr();
      expect(error).toMatchObject({ kind: 'push_rejected', status: 401 });
      expect(explain(error)).not.toContain('guess');
    });

    it('says that the certificate is not trusted', async () => {
      const error = (await storageOf({ url }).write(rows(1)))._unsafeUnwrapErr();
      expect(explain(error)).toContain("give its issuer's certificate as tls.ca");
    });

    it('says that TLS was refused without a certificate of its own', async () => {
      const error = (await storageOf({ url, tls: { ca: certificates.ca } }).write(rows(1)))._unsafeUnwrapErr();
      expect(error.kind).toBe('push_unreachable');
      expect(explain(error)).toMatch(/TLS was refused|closed the connection/);
    });
  });
});
