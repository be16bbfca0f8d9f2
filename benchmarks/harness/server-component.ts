// Programs that scripts/fetch-servers.mjs has brought, to measure with.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

// This file runs as dist/benchmarks/harness/server-component.js.
const servers = join(dirname(fileURLToPath(import.meta.url)), '../../../.cache/servers');

export interface ServerComponent {
  readonly path: string;
  readonly env: NodeJS.ProcessEnv;
}

interface Manifest {
  readonly components: Readonly<Record<string, { readonly path: string; readonly libraries?: readonly string[] }>>;
}

/** Undefined where there is none; it has to be fetched first. */
export function serverComponent(name: string): ServerComponent | undefined {
  const manifest = join(servers, 'manifest.json');
  if (!existsSync(manifest)) return undefined;
  const found = (JSON.parse(readFileSync(manifest, 'utf8')) as Manifest).components[name];
  if (found === undefined) return undefined;
  const libraries = (found.libraries ?? []).map((path) => join(servers, path)).join(':');
  return { path: join(servers, found.path), env: { ...process.env, LD_LIBRARY_PATH: libraries } };
}
