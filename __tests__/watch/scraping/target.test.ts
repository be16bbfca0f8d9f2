// How the addresses that people type become targets.
import { parseTarget, targetFolder, targetShare } from '../../../lib/watch/scraping/target.js';

const parsed = (text: string) =>
  parseTarget(text).match(
    ({ url, job, instance, authorization }) => ({
      url: url.href,
      job,
      instance,
      ...(authorization !== undefined && { authorization }),
    }),
    (problem) => problem,
  );

describe('parseTarget', () => {
  it.each([
    ['http://localhost:3000/metrics', 'http://localhost:3000/metrics', 'watch', 'localhost:3000'],
    ['localhost:3000', 'http://localhost:3000/metrics', 'watch', 'localhost:3000'],
    ['shop=localhost:3000', 'http://localhost:3000/metrics', 'shop', 'localhost:3000'],
    ['shop=https://example.org/m?a=b', 'https://example.org/m?a=b', 'shop', 'example.org'],
    ['http://localhost:3000/', 'http://localhost:3000/', 'watch', 'localhost:3000'],
    ['http://[::1]:3000', 'http://[::1]:3000/metrics', 'watch', '[::1]:3000'],
  ])('reads %s', (text, url, job, instance) => {
    expect(parsed(text)).toEqual({ url, job, instance });
  });

  it('keeps credentials out of the address', () => {
    expect(parsed('http://ann:secret@localhost/m')).toEqual({
      url: 'http://localhost/m',
      job: 'watch',
      instance: 'localhost',
      // echo -n ann:secret | base64
      authorization: 'Basic YW5uOnNlY3JldA==',
    });
  });

  it.each([
    ['', '"" is no address. Give one as in http://localhost:3000/metrics.'],
    ['file:///etc/passwd', '"file:///etc/passwd" is neither http nor https, and nothing else can be watched.'],
    ['http://a b/', '"http://a b/" is no address. Give one as in http://localhost:3000/metrics.'],
    ['http://a:%zz@b/', '"http://a:%zz@b/" has credentials that are not percent-encoded.'],
  ])('refuses %j', (text, problem) => {
    expect(parsed(text)).toBe(problem);
  });
});

describe('targetFolder', () => {
  it('is readable, and another one for every target', () => {
    const folders = ['a=b:1', 'a=b/x', 'a=b', 'c=b'].map((text) => targetFolder(parseTarget(text)._unsafeUnwrap()));
    expect(folders[0]).toMatch(/^a-b_1-[0-9a-f]{12}$/);
    expect(new Set(folders).size).toBe(3);
  });
});

describe('targetShare', () => {
  it('spreads targets over the interval', () => {
    const shares = Array.from({ length: 1000 }, (_, i) => targetShare(parseTarget(`host-${i}`)._unsafeUnwrap()));
    const quarters = [0, 1, 2, 3].map((q) => shares.filter((share) => Math.floor(share * 4) === q).length);
    for (const count of quarters) expect(count).toBeGreaterThan(200);
  });
});
