// The route: what it serves, under which policy, how large it is. What the page does is seen in a browser, in the tests beside.
import { gunzipSync } from 'node:zlib';
import { MetricsCollector } from 'telltale';
import { type DashboardOptions, dashboard } from 'telltale/dashboard';
import { type MetricsServer, startMetricsServer } from 'telltale/http';
import { queryApi } from 'telltale/query';
import { memberOf } from './support/responses.js';

const MOST_BYTES = 100 * 1024;

let server: MetricsServer | undefined;

async function serve(options?: DashboardOptions, auth?: { readonly bearerToken: string }): Promise<string> {
  const metrics = new MetricsCollector();
  const routes = [queryApi(metrics), dashboard(options)];
  const started = await startMetricsServer(metrics, { port: 0, routes, ...(auth === undefined ? {} : { auth }) });
  server = started._unsafeUnwrap();
  return server.url;
}

afterEach(async () => {
  await server?.close({ timeoutSeconds: 1 });
  server = undefined;
});

describe('dashboard', () => {
  it('serves a page whose script and style are files of the same server', async () => {
    const page = await fetch(`${await serve()}/dashboard`);
    const html = await page.text();
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const links = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link]) => memberOf(link));
    const files = links.filter((link) => !link.startsWith('data:'));
    expect(files).toEqual(['dashboard/page.css', 'dashboard/page.js']);
    for (const file of files) expect((await fetch(new URL(file, page.url))).status).toBe(200);
  });

  it('takes at most 100 KiB over the wire in all', async () => {
    const url = await serve();
    const sizes = await Promise.all(
      ['', '/page.js', '/page.css'].map(async (file) => {
        const { status, headers } = await fetch(`${url}/dashboard${file}`, { headers: { 'Accept-Encoding': 'gzip' } });
        expect([status, headers.get('content-encoding')]).toEqual([200, 'gzip']);
        return Number(headers.get('content-length'));
      }),
    );
    expect(Math.min(...sizes)).toBeGreaterThan(100);
    expect(sizes.reduce((sum, size) => sum + size)).toBeLessThanOrEqual(MOST_BYTES);
  });

  it('allows only its own files and its own server, and no inline code', async () => {
    const { headers } = await fetch(`${await serve()}/dashboard`);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(policy).toContain("connect-src 'self';");
    expect(policy).toContain("require-trusted-types-for 'script'; trusted-types 'none'");
    expect(policy).not.toMatch(/unsafe|\*|http/);
  });

  it('may ask the Prometheus that the option or the address names, and nothing but its origin', async () => {
    const url = await serve({ api: 'https://prometheus.example/api/v1' });
    const policyOf = async (path: string) =>
      (await fetch(`${url}${path}`)).headers.get('content-security-policy')?.match(/connect-src ([^;]*)/)?.[1];
    expect(await policyOf('/dashboard')).toBe("'self' https://prometheus.example");
    expect(await policyOf('/dashboard?api=http://127.0.0.1:9090/x;y%20z')).toBe(
      "'self' https://prometheus.example http://127.0.0.1:9090",
    );
    expect(await policyOf('/dashboard?api=javascript:alert(1)')).toBe("'self' https://prometheus.example");
    expect(await policyOf('/dashboard?api=http://a;sandbox')).toBe("'self' https://prometheus.example");
    expect(await policyOf("/dashboard?api=http://a;script-src%20'unsafe-inline'")).toBe(
      "'self' https://prometheus.example",
    );
  });

  it('writes title and API into the page as text', async () => {
    const url = await serve({ title: '<script>$&"', path: '/ops/board', api: '/ops/api/v1' });
    const html = await (await fetch(`${url}/ops/board`)).text();
    expect(html).toContain('<title>&#60;script&#62;$&#38;&#34;</title>');
    expect(html).toContain('content="../ops/api/v1"');
    expect(html).toContain('src="board/page.js"');
  });

  it('leads from the path with a slash to the one without', async () => {
    const answer = await fetch(`${await serve()}/dashboard/?api=http://a`, { redirect: 'manual' });
    expect([answer.status, answer.headers.get('location')]).toEqual([308, '../dashboard?api=http://a']);
  });

  it('answers 304 to whoever has the file already', async () => {
    const url = `${await serve()}/dashboard/page.js`;
    const tag = memberOf((await fetch(url)).headers.get('etag'));
    expect((await fetch(url, { headers: { 'If-None-Match': tag } })).status).toBe(304);
  });

  it('sends the same bytes with gzip and without', async () => {
    const url = `${await serve()}/dashboard/page.css`;
    const plain = await (await fetch(url, { headers: { 'Accept-Encoding': 'identity' } })).text();
    expect(plain).toContain(':root');
    expect(await (await fetch(url, { headers: { 'Accept-Encoding': 'gzip' } })).text()).toBe(plain);
    expect(() => gunzipSync(plain)).toThrow();
  });

  it('refuses other methods and knows no other files', async () => {
    const url = await serve();
    expect((await fetch(`${url}/dashboard`, { method: 'POST' })).status).toBe(405);
    expect((await fetch(`${url}/dashboard/other.js`)).status).toBe(404);
  });

  it('asks for the same credentials as the metrics', async () => {
    const url = await serve({}, { bearerToken: 'secret' });
    expect((await fetch(`${url}/dashboard`)).status).toBe(401);
    expect((await fetch(`${url}/dashboard`, { headers: { Authorization: 'Bearer secret' } })).status).toBe(200);
  });

  it.each(['api/v1', '//evil.example', 'ftp://a', 'javascript:alert(1)', ''])('refuses the api %p', (api) => {
    expect(() => dashboard({ api })).toThrow(/api/);
  });
});
