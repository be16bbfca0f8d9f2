// The fetching as its callers see it: exit codes, lines, the manifest, the lock. Nothing here needs a network, because whatever
// would have to be fetched is asked for on a path without apt.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describeWithServer } from '../support/servers.js';

const SCRIPT = join(__dirname, '../../scripts/fetch-servers.mjs');
const LOCK_MODULE = join(__dirname, '../../scripts/servers/lock.mjs');
const REAL_MANIFEST = join(__dirname, '../../.cache/servers/manifest.json');
const COMPONENTS = [
  'pushgateway',
  'prometheus',
  'promtool',
  'alertmanager',
  'python',
  'openmetrics-parser',
  'chromium',
];
const WITHOUT_APT = { PATH: '/nonexistent' };

interface Run {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function fetchServers(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Run> {
  const child = spawn(process.execPath, [SCRIPT, ...args], {
    env: { ...process.env, CI: '', ...env },
    timeout: 60_000,
  });
  const texts = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => {
    texts.stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    texts.stderr += chunk;
  });
  const [exitCode] = (await once(child, 'close')) as [number];
  return { exitCode, ...texts };
}

describe('fetch-servers', () => {
  let directory: string;

  const manifest = () => JSON.parse(readFileSync(join(directory, 'manifest.json'), 'utf8'));

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'telltale-fetch-'));
  });

  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  describe('--help', () => {
    it('tells the components and the exit codes', async () => {
      const { exitCode, stdout } = await fetchServers(['--help']);
      expect(exitCode).toBe(0);
      for (const name of COMPONENTS) expect(stdout).toContain(name);
      expect(stdout).toMatch(/Exit codes\n {2}0 .*\n {2}1 .*\n {2}2 .*\n {2}3 /);
    });
  });

  describe('arguments', () => {
    it('ends with 2 when an option is unknown', async () => {
      const { exitCode, stderr } = await fetchServers(['--fast']);
      expect(exitCode).toBe(2);
      expect(stderr).toContain("Unknown option '--fast'");
    });
  });

  describe('a machine without apt', () => {
    it('ends with 3 and one line, and writes the reason down for the suites', async () => {
      const { exitCode, stdout, stderr } = await fetchServers(['--directory', directory], WITHOUT_APT);
      expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' });
      expect(stderr).toMatch(/^servers: pushgateway, .* cannot be had here: .* apt-get\.\n$/);
      expect(Object.keys(manifest().unavailable)).toContain('prometheus');
    });

    it('ends with 1 in CI', async () => {
      const { exitCode } = await fetchServers(['--directory', directory], { ...WITHOUT_APT, CI: 'true' });
      expect(exitCode).toBe(1);
    });
  });

  describeWithServer(COMPONENTS, 'fetch-servers · with everything fetched', () => {
    it('says so in one line and touches nothing', async () => {
      const before = statSync(REAL_MANIFEST).mtimeMs;
      const { exitCode, stdout, stderr } = await fetchServers([], WITHOUT_APT);
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
      expect(stdout).toMatch(/^servers: pushgateway [\d.]+, .* in .*\n$/);
      expect(statSync(REAL_MANIFEST).mtimeMs).toBe(before);
    });

    it.each([
      ['whose file is gone', () => {}],
      ['whose file has another size', () => writeFileSync(join(directory, 'prometheus'), 'x')],
    ])('does not believe a manifest %s', async (_what, change) => {
      const real = JSON.parse(readFileSync(REAL_MANIFEST, 'utf8'));
      const components = { prometheus: { ...real.components.prometheus, path: 'prometheus' } };
      writeFileSync(join(directory, 'manifest.json'), JSON.stringify({ ...real, components }));
      change();
      const { exitCode } = await fetchServers(['--directory', directory], WITHOUT_APT);
      expect(exitCode).toBe(3);
      expect(Object.keys(manifest().unavailable)).toContain('prometheus');
    });

    it('fetches only what the manifest lacks, or holds for another row of the table', async () => {
      const real = JSON.parse(readFileSync(REAL_MANIFEST, 'utf8'));
      const entries = Object.entries(real.components as Record<string, { path: string; row: string }>);
      const absolute = entries.map(([name, entry]) => {
        const path = join(REAL_MANIFEST, '..', entry.path);
        return [name, { ...entry, path: entry.path.startsWith('/') ? entry.path : path }] as const;
      });
      const components: Record<string, { row: string }> = Object.fromEntries(absolute);
      components.promtool = { ...components.promtool, row: 'old' };
      writeFileSync(join(directory, 'manifest.json'), JSON.stringify({ ...real, components }));
      await fetchServers(['--directory', directory], WITHOUT_APT);
      expect(Object.keys(manifest().unavailable)).toEqual(['promtool']);
    });
  });
});

(process.platform === 'linux' ? describe : describe.skip)('lockDirectory', () => {
  let directory: string;
  let holders: Holder[];

  /** A process that takes the lock and keeps it until its stdin ends. */
  class Holder {
    readonly process: ChildProcessWithoutNullStreams;
    readonly #lines: AsyncIterator<string>;

    constructor(options = '') {
      const script = `
        import { lockDirectory } from ${JSON.stringify(LOCK_MODULE)};
        const unlock = await lockDirectory(process.argv[1], { onWait: () => console.log('waits'), ${options} })
          .catch((error) => { console.log(error.message); process.exit(1); });
        console.log('holds');
        process.stdin.on('end', unlock).resume();
      `;
      this.process = spawn(process.execPath, ['--input-type=module', '-e', script, directory], { timeout: 20_000 });
      this.#lines = createInterface({ input: this.process.stdout })[Symbol.asyncIterator]();
      holders.push(this);
    }

    async says(): Promise<string | undefined> {
      const { value, done } = await this.#lines.next();
      return done === true ? undefined : value;
    }
  }

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'telltale-lock-'));
    holders = [];
  });

  afterEach(() => {
    for (const holder of holders) holder.process.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  });

  it('makes a second process wait until the first one gives the lock back', async () => {
    const first = new Holder();
    expect(await first.says()).toBe('holds');
    const second = new Holder();
    expect(await second.says()).toBe('waits');
    first.process.stdin.end();
    expect(await second.says()).toBe('holds');
  });

  it('passes to the one who waits when the owner is killed', async () => {
    const first = new Holder();
    expect(await first.says()).toBe('holds');
    const second = new Holder();
    expect(await second.says()).toBe('waits');
    first.process.kill('SIGKILL');
    expect(await second.says()).toBe('holds');
  });

  it('lets only one of many in at a time', async () => {
    const script = `
      import { closeSync, openSync, unlinkSync } from 'node:fs';
      import { lockDirectory } from ${JSON.stringify(LOCK_MODULE)};
      const unlock = await lockDirectory(process.argv[1]);
      const file = process.argv[1] + '/inside';
      closeSync(openSync(file, 'wx'));
      process.stdin.on('end', () => { unlinkSync(file); unlock(); }).resume();
    `;
    const ends = Array.from({ length: 6 }, async () => {
      const child = spawn(process.execPath, ['--input-type=module', '-e', script, directory], { timeout: 20_000 });
      child.stdin.end();
      return (await once(child, 'close'))[0];
    });
    expect(await Promise.all(ends)).toEqual(Array(6).fill(0));
  });

  it('gives up, and says who must go, when the owner keeps it too long', async () => {
    const first = new Holder();
    expect(await first.says()).toBe('holds');
    const second = new Holder('timeoutMs: 50');
    expect(await second.says()).toBe('waits');
    expect(await second.says()).toMatch(/^Another process has held .* for 0\.05 s: end it/);
  });
});
