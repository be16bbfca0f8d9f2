// The gate decides whether suites run, so its own decisions are tested on manifests made for it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serverComponent, serverGate } from './servers.js';

describe('support/servers', () => {
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'telltale-servers-'));
    const manifest = {
      components: {
        here: { path: 'here/usr/bin/here', version: '1.2.3', libraries: ['here/lib', 'here/usr/lib'] },
        system: { path: '/usr/bin/system', version: '4.5.6' },
      },
      unavailable: { elsewhere: 'This machine has no apt-get.' },
    };
    writeFileSync(join(directory, 'manifest.json'), JSON.stringify(manifest));
  });

  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  describe('serverGate', () => {
    it('opens when every component is in the manifest', () => {
      expect(serverGate(['here', 'system'], { directory, ci: true })).toEqual({ kind: 'open' });
    });

    it('skips with the reason when one component cannot be had on this platform', () => {
      const gate = serverGate(['here', 'elsewhere'], { directory, ci: false });
      expect(gate).toEqual({ kind: 'skip', reason: 'needs elsewhere. This machine has no apt-get.' });
    });

    it('fails in CI where it would skip elsewhere', () => {
      const gate = serverGate(['elsewhere'], { directory, ci: true });
      expect(gate).toEqual({ kind: 'fail', reason: 'needs elsewhere. This machine has no apt-get.' });
    });

    it('fails, and says what to run, when nobody has tried to fetch the component', () => {
      const gate = serverGate(['new'], { directory, ci: false });
      expect(gate).toEqual({
        kind: 'fail',
        reason: 'new was never fetched: run node scripts/fetch-servers.mjs first.',
      });
    });

    it('fails when there is no manifest at all', () => {
      expect(serverGate(['here'], { directory: join(directory, 'nowhere'), ci: false }).kind).toBe('fail');
    });
  });

  describe('serverComponent', () => {
    it('answers the absolute path, the version and the libraries of a fetched component', () => {
      expect(serverComponent('here', { directory })).toEqual({
        name: 'here',
        version: '1.2.3',
        path: join(directory, 'here/usr/bin/here'),
        env: { LD_LIBRARY_PATH: `${join(directory, 'here/lib')}:${join(directory, 'here/usr/lib')}` },
      });
    });

    it('leaves the path and the environment of a component of the system alone', () => {
      const { path, env } = serverComponent('system', { directory });
      expect({ path, env }).toEqual({ path: '/usr/bin/system', env: {} });
    });

    it('throws for a component that is not there', () => {
      expect(() => serverComponent('elsewhere', { directory })).toThrow('elsewhere was never fetched');
    });
  });
});
