// Where in a Koa application a request has been matched. A router knows its own patterns only; what it is mounted under with
// koa-mount has been taken off the path by then, and is put back when the request leaves it: so the place is noted when the route is.

/** What is needed of a context. `_matchedRoute` is where @koa/router tells the pattern, `mountPath` where koa-mount tells its own. */
export interface RoutedKoaContext {
  readonly path?: string;
  readonly originalUrl?: string;
  _matchedRoute?: unknown;
  mountPath?: unknown;
  [MATCH]?: KoaMatch;
}

const MATCH = Symbol('telltale.match');

/** What stands for a prefix that cannot be seen. */
const HIDDEN = '/*';

export class KoaMatch {
  /** What the context itself shows. */
  shownRoute: unknown;
  shownMount: unknown;
  readonly #mounts: string[] = [];
  #prefix = '';

  constructor({ _matchedRoute: route, mountPath }: RoutedKoaContext) {
    this.shownRoute = route;
    this.mountedUnder(mountPath);
  }

  get pattern(): string | undefined {
    const route = this.shownRoute;
    if (typeof route !== 'string' && !(route instanceof RegExp)) return undefined;
    return this.#prefix !== '' && route === '/' ? this.#prefix : this.#prefix + String(route);
  }

  mountedUnder(path: unknown): void {
    this.shownMount = path;
    if (typeof path === 'string') this.#mounts.push(path.replace(/\/$/, ''));
  }

  matched(route: unknown, { path = '', originalUrl = '' }: RoutedKoaContext): void {
    this.shownRoute = route;
    if (this.#mounts.length > 0) this.#prefix = prefixOf(originalUrl.replace(/\?.*/s, ''), path, this.#mounts);
  }
}

/** What the mounts took off the beginning of a path. */
function prefixOf(whole: string, inside: string, mounts: readonly string[]): string {
  // A request for the mount itself is one for `/` inside.
  const end = whole.endsWith(inside) ? whole.length - inside.length : inside === '/' ? whole.length : -1;
  const taken = whole.slice(0, Math.max(0, end));
  return end >= 0 && isMadeOf(taken, mounts) ? taken : HIDDEN;
}

/** Whether a path is some of the mounts in their order: in the others the request has been in vain. */
function isMadeOf(path: string, mounts: readonly string[]): boolean {
  return (
    path === '' ||
    mounts.some(
      (mount, i) => mount !== '' && path.startsWith(mount) && isMadeOf(path.slice(mount.length), mounts.slice(i + 1)),
    )
  );
}

/** Shared by all requests: accessors of their own would make each context an object of a kind of its own, which is slow. */
const NOTED: PropertyDescriptorMap & ThisType<RoutedKoaContext> = {
  _matchedRoute: {
    configurable: true,
    enumerable: true,
    get() {
      return this[MATCH]?.shownRoute;
    },
    set(route: unknown) {
      this[MATCH]?.matched(route, this);
    },
  },
  mountPath: {
    configurable: true,
    enumerable: true,
    get() {
      return this[MATCH]?.shownMount;
    },
    set(path: unknown) {
      this[MATCH]?.mountedUnder(path);
    },
  },
};

/** Sees what is matched of a request from now on. */
export function watchMatch(context: RoutedKoaContext): KoaMatch {
  const known = context[MATCH];
  if (known !== undefined) return known;
  const match = new KoaMatch(context);
  context[MATCH] = match;
  Object.defineProperties(context, NOTED);
  return match;
}
