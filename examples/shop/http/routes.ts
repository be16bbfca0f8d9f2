// Which request means what: the routes of the shop, and the search for the one that a request is for. Routes carry their
// pattern, because that, and never the path, is what a request is counted under.
import type { ResultAsync } from 'neverthrow';
import type { OrderService, ShopError } from '../domain/orders.js';

export interface ShopRequest {
  readonly parameters: Readonly<Record<string, string>>;
  /** The parsed body; undefined when there is none, or it is no JSON. */
  readonly body: unknown;
}

export interface Route {
  readonly method: 'GET' | 'POST';
  readonly pattern: string;
  /** The status of a success. */
  readonly status: number;
  handle(request: ShopRequest): ResultAsync<unknown, ShopError>;
}

export type Match =
  | { readonly kind: 'found'; readonly route: Route; readonly parameters: ShopRequest['parameters'] }
  | { readonly kind: 'other_method' }
  | { readonly kind: 'unmatched' };

export function shopRoutes(orders: OrderService): readonly Route[] {
  return [
    { method: 'GET', pattern: '/products', status: 200, handle: () => orders.products() },
    {
      method: 'GET',
      pattern: '/products/:id',
      status: 200,
      handle: ({ parameters }) => orders.product(parameters.id ?? ''),
    },
    { method: 'POST', pattern: '/orders', status: 201, handle: ({ body }) => orders.place(body) },
    {
      method: 'GET',
      pattern: '/orders/:id',
      status: 200,
      handle: ({ parameters }) => orders.order(parameters.id ?? ''),
    },
  ];
}

export function matchRoute(routes: readonly Route[], method: string, url: string): Match {
  const path = pathOf(url);
  for (const route of routes) {
    const parameters = route.method === method ? matchPattern(route.pattern, path) : undefined;
    if (parameters !== undefined) return { kind: 'found', route, parameters };
  }
  return patternOf(routes, url) === undefined ? { kind: 'unmatched' } : { kind: 'other_method' };
}

/** The pattern that a request is counted under, whatever its method. */
export function patternOf(routes: readonly Route[], url = '/'): string | undefined {
  const path = pathOf(url);
  return routes.find(({ pattern }) => matchPattern(pattern, path) !== undefined)?.pattern;
}

function pathOf(url: string): string {
  return url.split('?', 1)[0] ?? '/';
}

function matchPattern(pattern: string, path: string): ShopRequest['parameters'] | undefined {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [i, part] of wanted.entries()) {
    const value = given[i] ?? '';
    if (part.startsWith(':')) parameters[part.slice(1)] = value;
    else if (part !== value) return undefined;
  }
  return parameters;
}
