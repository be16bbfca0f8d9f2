// Paths: which route answers what, which paths can be given at all, and the page that links to them.
import { checkedRoutes, landingPage, pathnameOf, type Route, routeFor } from '../../lib/http/routes.js';

const route = (path: string, title?: string): Route => ({
  path,
  handle: () => {},
  ...(title === undefined ? {} : { title }),
});

describe('routeFor', () => {
  const routes = [route('/api'), route('/api/v1/query'), route('/dash/')];

  it.each([
    ['/api', '/api'],
    ['/api/', '/api'],
    ['/api/v1', '/api'],
    ['/api/v1/query', '/api/v1/query'],
    ['/api/v1/query/x', '/api/v1/query'],
    ['/api/v1/query_range', '/api'],
    ['/dash/', '/dash/'],
    ['/dash/app.js', '/dash/'],
  ])('sends %s to %s', (pathname, path) => {
    expect(routeFor(routes, pathname)?.path).toBe(path);
  });

  it.each([['/'], ['/apis'], ['/dash'], ['/metrics'], [''], ['*'], ['//api'], ['/API'], ['/%61pi']])(
    'knows nothing at "%s"',
    (pathname) => {
      expect(routeFor(routes, pathname)).toBeUndefined();
    },
  );

  it('lets a route at / answer what no other route does', () => {
    const withRoot = [route('/'), ...routes];
    expect(routeFor(withRoot, '/')?.path).toBe('/');
    expect(routeFor(withRoot, '/elsewhere')?.path).toBe('/');
    expect(routeFor(withRoot, '/api/v1')?.path).toBe('/api');
  });
});

describe('pathnameOf', () => {
  it.each([
    ['/metrics', '/metrics'],
    ['/metrics?name=x', '/metrics'],
    ['/metrics#x?y', '/metrics'],
    ['http://example.org:9464/metrics?x', '/metrics'],
    ['HTTPS://example.org/metrics', '/metrics'],
    ['http://example.org', '/'],
    ['//metrics', '//metrics'],
    ['*', '*'],
    ['', '/'],
  ])('of "%s" is "%s"', (url, pathname) => {
    expect(pathnameOf(url)).toBe(pathname);
  });
});

describe('checkedRoutes', () => {
  it.each([['/'], ['/metrics'], ['/a/b-c_d~e.f'], ['/a%20b']])('takes the path %s', (path) => {
    expect(checkedRoutes([route(path)])).toHaveLength(1);
  });

  it.each([[''], ['metrics'], ['/a b'], ['/a?b'], ['/a#b'], ['/a\nb'], ['/ä'], [undefined as unknown as string]])(
    'refuses the path "%s"',
    (path) => {
      expect(() => checkedRoutes([route(path)])).toThrow(expect.objectContaining({ kind: 'invalid_option' }));
    },
  );

  it('refuses two routes with the same path', () => {
    expect(() => checkedRoutes([route('/a'), route('/b'), route('/a')])).toThrow(
      'The option path is invalid (/a). Give every route a path of its own.',
    );
  });
});

describe('landingPage', () => {
  it('links to what has a title, and trusts neither titles nor paths', () => {
    const page = landingPage([route('/metrics', 'Metrics'), route('/hidden'), route('/"><b>', "<script>&'")]);
    expect(page).toBe(
      '<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>telltale</title>\n<ul>\n' +
        '<li><a href="/metrics">Metrics</a></li>\n' +
        '<li><a href="/&#34;&#62;&#60;b&#62;">&#60;script&#62;&#38;&#39;</a></li>\n' +
        '</ul>\n</html>',
    );
  });
});
