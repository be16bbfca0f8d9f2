// When a scrape is compressed, from what the scraper says it accepts.
import { acceptsGzip } from '../../lib/http/accept-encoding.js';

describe('acceptsGzip', () => {
  it.each([
    ['gzip'],
    ['GZIP'],
    ['x-gzip'],
    ['gzip, deflate, br'],
    ['deflate , gzip ;q=1.0'],
    ['gzip;q=0.001'],
    ['gzip; Q=0.5'],
    ['*'],
    ['br;q=1, *;q=0.5'],
    ['gzip;q=0.5, identity;q=0.5'],
    ['identity;q=0, gzip'],
  ])('takes "%s" as a yes', (header) => {
    expect(acceptsGzip(header)).toBe(true);
  });

  it.each([
    [undefined],
    [''],
    ['identity'],
    ['deflate, br'],
    ['gzip;q=0'],
    ['gzip;q=0.000'],
    ['*;q=0'],
    ['gzip;q=0, *'],
    ['gzip;q=0.2, identity;q=0.8'],
    ['gzipped'],
    ['gzip;q=2'],
    ['gzip;q=-1'],
    ['gzip;q='],
    ['gzip;q=abc'],
    [',;,;=,'],
  ])('takes "%s" as a no', (header) => {
    expect(acceptsGzip(header)).toBe(false);
  });
});
