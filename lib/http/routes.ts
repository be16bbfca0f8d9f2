// Which handler answers which path of the stand-alone server. Apart from the server because it is about text alone:
// matching paths, and the small page that says where everything is.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { invalidOption } from './options.js';

/** A handler that the stand-alone server mounts beside the metrics, such as a query API or a dashboard. */
export interface Route {
  /** Answers this path and everything below it: `/api` also answers `/api/v1`, but not `/apis`. */
  readonly path: string;
  /** How the landing page calls it; without a title it is not listed there. */
  readonly title?: string;
  /** Gets the request with its whole URL. A promise that rejects, like a throw, is answered with 500. */
  handle(request: IncomingMessage, response: ServerResponse): void | Promise<void>;
}

/** Throws `invalid_option` for a path that no request can have, and for one that is given twice. */
export function checkedRoutes(routes: readonly Route[]): readonly Route[] {
  const seen = new Set<string>();
  for (const { path } of routes) {
    if (typeof path !== 'string' || !/^\/[\x21\x22\x24-\x3e\x40-\x7e]*$/.test(path)) {
      throw invalidOption(
        'path',
        path,
        'Give a path that starts with a slash and has no blanks, "?" or "#", as in /metrics.',
      );
    }
    if (seen.has(path)) throw invalidOption('path', path, 'Give every route a path of its own.');
    seen.add(path);
  }
  return routes;
}

/** The route with the longest path that covers the request's. */
export function routeFor(routes: readonly Route[], pathname: string): Route | undefined {
  let best: Route | undefined;
  for (const route of routes) {
    if (covers(route.path, pathname) && route.path.length >= (best?.path.length ?? 0)) best = route;
  }
  return best;
}

function covers(path: string, pathname: string): boolean {
  return pathname === path || pathname.startsWith(path.endsWith('/') ? path : `${path}/`);
}

/** The path that a request is for, without its query. Proxies may send the whole URL. */
export function pathnameOf(url: string): string {
  const path = url.replace(/^https?:\/\/[^/?#]*/i, '');
  const end = path.search(/[?#]/);
  return (end < 0 ? path : path.slice(0, end)) || '/';
}

/** What a browser finds at `/`: links to everything that has a title. */
export function landingPage(routes: readonly Route[]): string {
  const links = routes
    .filter((route) => route.title !== undefined)
    .map((route) => `<li><a href="${escapeHtml(route.path)}">${escapeHtml(route.title ?? '')}</a></li>`);
  return `<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>telltale</title>\n<ul>\n${links.join('\n')}\n</ul>\n</html>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
