// Which registries of prom-client this process has loaded: every copy of the package has a global one of its own, and what is
// recorded into one that nobody reads is lost without a word.
import nodeModule from 'node:module';

/** A global registry with metrics in it. */
export interface LoadedRegistry {
  /** The file of the package that it belongs to. */
  readonly where: string;
  readonly registry: object;
}

interface LoadedModule {
  readonly exports?: { readonly register?: { getMetricsAsArray?(): readonly unknown[] } };
}

const PACKAGE = /[\\/]node_modules[\\/](?:prom-client|@prometheus-io[\\/]client)[\\/]index\.js$/;
/** Where the facade of telltale keeps its own, for all of its copies. */
const FACADE = Symbol.for('telltale.prom-client.register');

/**
 * Global registries that hold metrics, each once. Node keeps CommonJS modules in one list, also those that are imported; what a
 * bundler put together is in none, and not found.
 *
 * Cost: a look at the name of every module that is loaded, 0.1 µs each.
 */
export function loadedRegistries(): readonly LoadedRegistry[] {
  const modules = (nodeModule as unknown as { readonly _cache?: Readonly<Record<string, LoadedModule>> })._cache ?? {};
  const found = new Map<object, string>();
  for (const where of Object.keys(modules))
    if (PACKAGE.test(where)) note(found, where, modules[where]?.exports?.register);
  note(found, 'telltale/prom-client', (globalThis as { [FACADE]?: unknown })[FACADE]);
  return Array.from(found, ([registry, where]) => ({ registry, where }));
}

function note(found: Map<object, string>, where: string, register: unknown): void {
  const registry = register as { getMetricsAsArray?(): readonly unknown[] } | undefined;
  if (typeof registry?.getMetricsAsArray !== 'function' || found.has(registry)) return;
  if (registry.getMetricsAsArray().length > 0) found.set(registry, where);
}
