// Says which real servers and validators this machine has, and gates the suites that need them. It reads nothing but the
// manifest that scripts/fetch-servers.mjs writes, so that a suite costs nothing where its server cannot be had.
import { readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';

const DIRECTORY = join(__dirname, '../../.cache/servers');
const FETCH = 'node scripts/fetch-servers.mjs';
// Prometheus alone needs 5 s before its first scrape; every wait inside the helpers has its own, shorter bound.
const SUITE_TIMEOUT_MS = 60_000;

/** A component that was fetched and has proven that it runs here. */
export interface ServerComponent {
  readonly name: string;
  readonly version: string;
  /** Absolute. */
  readonly path: string;
  /** What its process needs in its environment, besides what it inherits. */
  readonly env: Readonly<Record<string, string>>;
}

/** Where the manifest lies and whether missing servers are a failure: tests of the gate itself pass their own. */
export interface ServerLookup {
  readonly directory?: string;
  readonly ci?: boolean;
}

/** What stands between a suite and the server that it needs. */
export type ServerGate =
  | { readonly kind: 'open' }
  | { readonly kind: 'skip'; readonly reason: string }
  | { readonly kind: 'fail'; readonly reason: string };

interface ManifestEntry {
  readonly path: string;
  readonly version: string;
  readonly libraries?: readonly string[];
}

interface Manifest {
  readonly components: Readonly<Record<string, ManifestEntry>>;
  readonly unavailable: Readonly<Record<string, string>>;
}

/**
 * A `describe` that runs where the components are there. Where the platform cannot have them, the suite is skipped with one line
 * that says why; in CI, or when nobody tried to fetch them, it fails instead.
 *
 * @example
 * describeWithServer('prometheus', 'a real Prometheus', () => { … })
 */
export function describeWithServer(components: string | readonly string[], title: string, suite: () => void): void {
  const gate = serverGate(typeof components === 'string' ? [components] : components);
  if (gate.kind === 'open') {
    jest.setTimeout(SUITE_TIMEOUT_MS);
    describe(title, suite);
  } else if (gate.kind === 'skip') {
    process.stderr.write(`skipped: ${title}: ${gate.reason}\n`);
    describe.skip(title, suite);
  } else {
    describe(title, () => {
      test('has the servers that it needs', () => {
        throw new Error(gate.reason);
      });
    });
  }
}

/** Whether a suite that needs all of `components` may run. */
export function serverGate(components: readonly string[], lookup: ServerLookup = {}): ServerGate {
  const { ci = !['', '0', 'false'].includes(process.env.CI ?? '') } = lookup;
  const manifest = readManifest(lookup.directory ?? DIRECTORY);
  for (const name of components) {
    if (manifest.components[name] !== undefined) continue;
    const why = manifest.unavailable[name];
    if (why === undefined) return { kind: 'fail', reason: `${name} was never fetched: run ${FETCH} first.` };
    return { kind: ci ? 'fail' : 'skip', reason: `needs ${name}. ${why}` };
  }
  return { kind: 'open' };
}

/** The component's program and its environment. Throws when it is not there: ask {@link serverGate} first. */
export function serverComponent(name: string, { directory = DIRECTORY }: ServerLookup = {}): ServerComponent {
  const entry = readManifest(directory).components[name];
  if (entry === undefined) throw new Error(`${name} was never fetched: run ${FETCH} first.`);
  const libraries = (entry.libraries ?? []).map((folder) => join(directory, folder)).join(':');
  return {
    name,
    version: entry.version,
    path: isAbsolute(entry.path) ? entry.path : join(directory, entry.path),
    env: libraries === '' ? {} : { LD_LIBRARY_PATH: libraries },
  };
}

function readManifest(directory: string): Manifest {
  try {
    return JSON.parse(readFileSync(join(directory, 'manifest.json'), 'utf8')) as Manifest;
  } catch {
    return { components: {}, unavailable: {} };
  }
}
