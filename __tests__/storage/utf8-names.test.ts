// Names in UTF-8 in every storage: kept as they are where they can be asked for, escaped where they leave for programs that
// know classic names only.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MetricDefinitionError } from '../../lib/errors.js';
import type { Escaping } from '../../lib/model/escaping.js';
import type { Snapshot } from '../../lib/model/family.js';
import type { Queryable } from '../../lib/model/storage.js';
import { MemoryStorage } from '../../storage/memory/memory-storage.js';
import { PushgatewayStorage } from '../../storage/pushgateway/pushgateway-storage.js';
import type { RemoteWriteOptions } from '../../storage/remote-write/remote-write-options.js';
import { RemoteWriteStorage } from '../../storage/remote-write/remote-write-storage.js';
import { TextfileStorage } from '../../storage/textfile/textfile-storage.js';
import { pollUntil } from '../support/poll.js';
import { type Prometheus, startPrometheus } from '../support/prometheus.js';
import { promtool } from '../support/promtool.js';
import { type Pushgateway, startPushgateway } from '../support/pushgateway.js';
import { describeWithServer } from '../support/servers.js';
import { EVER, openStorage, temporaryFolder } from './file/support/folders.js';
import { lineOf, startReceiver } from './remote-write/receiver.js';
import { plain, snapshotOf, TestFamily } from './support/test-family.js';

const T = 1_700_000_000_000;
const ODD = 'a,b"\\\n花 = {}';

const families = () => [
  new TestFamily(plain('http.requests_total'), ['http.route', 'zone']).set({ 'http.route': '/a', zone: 'x' }, 3),
  new TestFamily(plain(ODD, 'gauge'), [`${ODD} label`]).set({ [`${ODD} label`]: 'v' }, 7),
  new TestFamily(plain('http_requests_total', 'gauge')).set({}, 1),
];
const snapshot = (timestampMs = T): Snapshot => snapshotOf(timestampMs, ...families());

describe.each([
  ['MemoryStorage', () => new MemoryStorage()],
  ['FileStorage', async () => (await openStorage({ directory: temporaryFolder() })).storage],
])('%s', (_name, open) => {
  it('answers matchers of any name', async () => {
    const storage = await open();
    (await storage.write(snapshot(Date.now())))._unsafeUnwrap();
    const labelsOf = async (matchers: Parameters<Queryable['select']>[0]) => {
      const all: object[] = [];
      for await (const { labels } of (await storage.select(matchers, EVER))._unsafeUnwrap()) all.push({ ...labels });
      return all;
    };
    const odd = { __name__: ODD, [`${ODD} label`]: 'v' };
    expect(await labelsOf([{ name: '__name__', operator: '=', value: ODD }])).toEqual([odd]);
    expect(await labelsOf([{ name: `${ODD} label`, operator: '=~', value: 'v|w' }])).toEqual([odd]);
    expect(await labelsOf([{ name: '__name__', operator: '=~', value: 'http\\..*' }])).toEqual([
      { __name__: 'http.requests_total', 'http.route': '/a', zone: 'x' },
    ]);
    await storage.close();
  });
});

describe('FileStorage', () => {
  it('has its names after a restart, and exports them in quotes', async () => {
    const directory = temporaryFolder();
    const first = (await openStorage({ directory })).storage;
    (await first.write(snapshot()))._unsafeUnwrap();
    await first.close();
    const { storage } = await openStorage({ directory, restore: true });
    const restored = (await storage.restore())._unsafeUnwrap();
    expect(restored?.families.map(({ descriptor }) => descriptor.name)).toContain('http.requests_total');
    const file = join(directory, 'export.om');
    const pieces: Uint8Array[] = [];
    for await (const piece of storage.exportOpenMetrics(EVER)) pieces.push(piece);
    await storage.close();
    writeFileSync(file, Buffer.concat(pieces));
    expect(readFileSync(file, 'utf8')).toContain('\n{"http.requests_total","http.route"="/a",zone="x"} 3 1700000000\n');
    const data = join(directory, 'data');
    expect(await promtool(['tsdb', 'create-blocks-from', 'openmetrics', file, data])).toMatchObject({ exitCode: 0 });
    mkdirSync(join(data, 'wal'));
    const { output } = await promtool(['tsdb', 'dump', `--sandbox-dir-root=${directory}`, data]);
    expect(output).toContain('{__name__="http.requests_total", http.route="/a", zone="x"} 3 1700000000000\n');
    expect(output).toContain(`{__name__=${JSON.stringify(ODD)}, ${ODD} label="v"} 7 1700000000000\n`);
  });
});

describe('TextfileStorage', () => {
  it.each([
    [undefined, 'U__http_2e_requests__total{http_route="/a",zone="x"} 3'],
    ['dots', 'http_dot_requests__total{http_dot_route="/a",zone="x"} 3'],
    ['allow-utf-8', '{"http.requests_total","http.route"="/a",zone="x"} 3'],
  ] as const)('writes names for %s', async (escaping, line) => {
    const file = join(temporaryFolder(), 'job.prom');
    const storage = new TextfileStorage({ file, ...(escaping === undefined ? {} : { escaping }) });
    (await storage.write(snapshot()))._unsafeUnwrap();
    expect(readFileSync(file, 'utf8').split('\n')).toEqual(expect.arrayContaining([line, 'http_requests_total 1']));
  });

  it('refuses another escaping, as the others do', () => {
    const wrong = { escaping: 'utf-8' as Escaping };
    for (const create of [
      () => new TextfileStorage({ file: 'x.prom', ...wrong }),
      () => new PushgatewayStorage({ url: 'http://x', jobName: 'j', ...wrong }),
      () => new RemoteWriteStorage({ url: 'http://x', ...wrong }),
    ]) {
      expect(create).toThrow(MetricDefinitionError);
      expect(create).toThrow('The option escaping is invalid (utf-8).');
    }
  });
});

describeWithServer('pushgateway', 'PushgatewayStorage', () => {
  let gateway: Pushgateway;

  beforeAll(async () => {
    gateway = await startPushgateway();
  });

  afterAll(() => gateway.stop());

  it('pushes names that every gateway takes', async () => {
    const storage = new PushgatewayStorage({ url: gateway.url, jobName: 'utf8' });
    expect((await storage.write(snapshot()))._unsafeUnwrap()).toBe(3);
    expect(await gateway.samples('U__http_2e_requests__total')).toEqual([
      { labels: { job: 'utf8', http_route: '/a', zone: 'x' }, value: 3 },
    ]);
    await storage.close();
    const plainly = new PushgatewayStorage({ url: gateway.url, jobName: 'plainly', escaping: 'allow-utf-8' });
    expect((await plainly.write(snapshot()))._unsafeUnwrapErr()).toMatchObject({ kind: 'push_rejected', status: 400 });
    await plainly.close();
  });

  it('finds labels that are in the grouping key once they are escaped', async () => {
    const storage = new PushgatewayStorage({ url: gateway.url, jobName: 'j', groupingKey: { http_route: '/b' } });
    expect((await storage.write(snapshot()))._unsafeUnwrapErr()).toMatchObject({
      kind: 'invalid_grouping_key',
      label: 'http_route',
    });
    await storage.close();
  });
});

describe('RemoteWriteStorage', () => {
  async function sent(snapshots: readonly Snapshot[], options: Partial<RemoteWriteOptions> = {}): Promise<string[]> {
    const receiver = await startReceiver();
    const storage = new RemoteWriteStorage({ url: receiver.url, ...options });
    for (const one of snapshots) (await storage.write(one))._unsafeUnwrap();
    (await storage.close())._unsafeUnwrap();
    await receiver.close();
    return receiver.requests.flatMap(({ series }) => series.map(lineOf));
  }

  it('sends names as they are where it is told to, sorted by their bytes', async () => {
    // By code units the second would come first.
    const [early, late] = ['\uff5e', '😱'];
    const family = new TestFamily(plain('ü.x'), [late, 'é', early]).set({ [late]: '1', é: '2', [early]: '3' }, 1);
    const [line] = await sent([snapshotOf(T, family)], { escaping: 'allow-utf-8' });
    expect(line).toBe(
      lineOf({
        labels: [
          ['__name__', 'ü.x'],
          ['é', '2'],
          [early, '3'],
          [late, '1'],
        ],
        value: 1,
        bits: '',
        timestampMs: T,
      }),
    );
  });

  it('ends no series that only stayed where it was', async () => {
    const all = families();
    const lines = await sent([
      snapshotOf(T, ...all),
      snapshotOf(T + 1000, ...all),
      snapshotOf(T + 2000, ...all.slice(1)),
    ]);
    expect(lines.filter((line) => line.includes('7ff0000000000002'))).toHaveLength(1);
    expect(lines).toHaveLength(3 + 3 + 2 + 1);
  });

  describeWithServer('prometheus', 'at a Prometheus of classic names', () => {
    let prometheus: Prometheus;

    beforeAll(async () => {
      prometheus = await startPrometheus();
    });

    afterAll(() => prometheus.stop());

    it('has all series, under names that it can take', async () => {
      const storage = new RemoteWriteStorage({ url: `${prometheus.url}/api/v1/write` });
      (await storage.write(snapshot(Date.now())))._unsafeUnwrap();
      (await storage.close())._unsafeUnwrap();
      const value = await pollUntil({ what: 'The series', timeoutMs: 20_000 }, () =>
        prometheus.queryValue('U__http_2e_requests__total{http_route="/a"}'),
      );
      expect(value).toBe(3);
    });
  });
});
