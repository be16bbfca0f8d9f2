// Finds the whole pattern of an Express route. A route knows its own part of the path only; what it is mounted under has to
// be looked up in the application. Both are looked up once per route and prefix.
import { consume, type MountLayer } from './express-mounts.js';

/** What is needed of an application: the routers of Express 4 and 5, and where it is mounted itself. */
export interface ExpressApp {
  readonly _router?: RouterLike;
  readonly router?: RouterLike;
  readonly mountpath?: unknown;
  readonly parent?: ExpressApp;
}

export interface RouteMatch {
  /** Undefined as long as no route has taken the request. */
  readonly route: object | undefined;
  /** The path of the routers around it, as the request has it. */
  readonly baseUrl: string;
  /** The application that the route is in. */
  readonly app: ExpressApp | undefined;
  /** The application that is measured. */
  readonly root: ExpressApp | undefined;
}

interface RouterLike {
  readonly stack: readonly RouterLayer[];
}

interface RouterLayer extends MountLayer {
  readonly route?: object;
  readonly handle?: unknown;
}

type Chain = readonly MountLayer[];

/** What stands for a prefix that cannot be seen. */
const HIDDEN = '/*';
const MOST_PREFIXES = 100;
const MOST_CHAINS = 20;
const DEEPEST = 20;

export class ExpressRoutes {
  readonly #prefixes = new WeakMap<object, Map<string, string>>();
  readonly #chains = new WeakMap<object, Map<object, Chain[]>>();

  patternOf(match: RouteMatch): string | undefined {
    const { route, baseUrl } = match;
    if (route === undefined) return undefined;
    const own = ownPath(route);
    const prefix = baseUrl === '' ? '' : this.#prefixOf(route, match);
    return prefix !== '' && own === '/' ? prefix : prefix + own;
  }

  #prefixOf(route: object, match: RouteMatch): string {
    let known = this.#prefixes.get(route);
    if (known === undefined) {
      known = new Map();
      this.#prefixes.set(route, known);
    }
    let prefix = known.get(match.baseUrl);
    if (prefix === undefined) {
      prefix = this.#findPrefix(route, match);
      // A parameter in a prefix has as many values as there are clients.
      if (known.size < MOST_PREFIXES) known.set(match.baseUrl, prefix);
    }
    return prefix;
  }

  #findPrefix(route: object, { baseUrl, app, root }: RouteMatch): string {
    for (const from of new Set([root, app])) {
      if (from === undefined) continue;
      const mounted = from === root ? '' : mountOf(from);
      const inside = from === root ? baseUrl : afterSegments(baseUrl, segmentsOf(mounted));
      for (const chain of this.#chainsTo(route, from)) {
        const prefix = prefixAlong(chain, inside);
        if (prefix !== undefined) return mounted + prefix;
      }
    }
    return HIDDEN;
  }

  #chainsTo(route: object, app: ExpressApp): readonly Chain[] {
    const known = this.#chains.get(app)?.get(route);
    if (known !== undefined) return known;
    const chains = new Map<object, Chain[]>();
    collectChains(app._router ?? app.router, [], chains);
    // What cannot be seen is not looked for again.
    if (!chains.has(route)) chains.set(route, []);
    this.#chains.set(app, chains);
    return chains.get(route) as Chain[];
  }
}

/** Notes for every route through which layers a request comes to it. */
function collectChains(router: RouterLike | undefined, above: Chain, chains: Map<object, Chain[]>): void {
  if (!Array.isArray(router?.stack) || above.length > DEEPEST) return;
  for (const layer of router.stack as readonly RouterLayer[]) {
    if (layer.route !== undefined) {
      const known = chains.get(layer.route);
      if (known === undefined) chains.set(layer.route, [above]);
      else if (known.length < MOST_CHAINS) known.push(above);
    } else if (typeof layer.handle === 'function') {
      collectChains(routerIn(layer.handle as unknown as RouterLike & ExpressApp), [...above, layer], chains);
    }
  }
}

/** A mounted function may be a router, or an application that has one. */
function routerIn(handle: RouterLike & ExpressApp): RouterLike | undefined {
  if (Array.isArray(handle.stack)) return handle;
  return 'mountpath' in handle ? (handle._router ?? handle.router) : undefined;
}

function prefixAlong(chain: Chain, baseUrl: string): string | undefined {
  let rest = baseUrl;
  let prefix = '';
  for (const layer of chain) {
    const step = consume(layer, rest);
    if (step === undefined) return undefined;
    prefix += step.pattern;
    rest = rest.slice(step.length);
  }
  return rest === '' || rest === '/' ? prefix : undefined;
}

/** Where an application is mounted with `app.use(path, application)`, which hides it in a function. */
function mountOf(app: ExpressApp): string {
  const { parent, mountpath } = app;
  if (parent === undefined) return '';
  const [path] = [mountpath].flat(9) as readonly unknown[];
  return mountOf(parent) + (path === '/' ? '' : String(path));
}

const segmentsOf = (path: string): number => path.split('/').filter((segment) => segment !== '').length;

function afterSegments(path: string, count: number): string {
  const kept = path.split('/').slice(count + 1);
  return kept.length === 0 ? '' : `/${kept.join('/')}`;
}

/** A route may have several paths, and a path may be a regular expression. */
function ownPath(route: { readonly path?: unknown }): string {
  if (typeof route.path === 'string') return route.path === '' ? '/' : route.path;
  return [route.path].flat(9).map(String).join('|');
}
