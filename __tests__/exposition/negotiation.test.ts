// Which format a scraper gets for its `Accept` header: real scrapers', those of RFC 9110, and hostile ones.
import fc from 'fast-check';
import { contentTypeOf, negotiate } from '../../lib/exposition/negotiation.js';

const CLASSIC = 'text/plain; version=0.0.4; charset=utf-8; escaping=underscores';
const OPENMETRICS = 'application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=underscores';

const PROTOBUF =
  'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited; escaping=underscores';

describe('contentTypeOf', () => {
  it('answers what the format is served as to those who asked for no version', () => {
    expect(contentTypeOf('prometheus')).toBe(CLASSIC);
    expect(contentTypeOf('openmetrics')).toBe(OPENMETRICS);
    expect(contentTypeOf('protobuf')).toBe(PROTOBUF);
    expect(contentTypeOf('prometheus', 'dots')).toBe('text/plain; version=0.0.4; charset=utf-8; escaping=dots');
  });
});

describe('negotiate', () => {
  it.each([
    ['no header', undefined, CLASSIC],
    ['an empty header', '', CLASSIC],
    ['a browser', 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8', CLASSIC],
    ['curl', '*/*', CLASSIC],
    [
      'Prometheus 2',
      'application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2',
      OPENMETRICS,
    ],
    [
      'Prometheus 3',
      'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2',
      'application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=allow-utf-8',
    ],
    [
      'Prometheus 3 where it is told to read classic text only',
      'text/plain;version=1.0.0;escaping=allow-utf-8;q=0.6,*/*;q=0.5',
      'text/plain; version=1.0.0; charset=utf-8; escaping=allow-utf-8',
    ],
    [
      'Prometheus with native histograms, which puts protobuf first',
      'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6,application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.2',
      PROTOBUF,
    ],
    [
      'a scraper that prefers classic text',
      'text/plain;version=0.0.4;q=0.6,application/openmetrics-text;q=0.5',
      CLASSIC,
    ],
  ])('answers %s', (_, accept, contentType) => {
    expect(negotiate(accept).contentType).toBe(contentType);
  });

  it.each([
    ['the higher weight', 'text/plain;q=0.4,application/openmetrics-text;q=0.5', 'openmetrics'],
    ['the first of equal weights', 'application/openmetrics-text,text/plain', 'openmetrics'],
    ['the first of equal weights', 'text/plain,application/openmetrics-text', 'prometheus'],
    ['what is named rather than what is covered', '*/*,application/openmetrics-text', 'openmetrics'],
    ['what is covered with more weight', '*/*;q=0.9,application/openmetrics-text;q=0.5', 'prometheus'],
    ['the weight of the most specific range', 'text/plain;q=0.1,*/*', 'openmetrics'],
    [
      'the weight of the most specific range',
      'application/openmetrics-text;q=0.1,application/*,text/*;q=0.5',
      'prometheus',
    ],
    ['a whole type', 'application/*', 'openmetrics'],
    ['no protobuf for a range', 'application/openmetrics-text;q=0,application/*,text/*;q=0.1', 'prometheus'],
    [
      'no protobuf in another encoding',
      'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=text,text/plain;q=0.1',
      'prometheus',
    ],
    ['no protobuf of other messages', 'application/vnd.google.protobuf;proto=a.B;encoding=delimited', 'prometheus'],
    ['no protobuf without its parameters', 'application/vnd.google.protobuf', 'prometheus'],
    ['nothing that is refused', 'application/openmetrics-text;q=0,*/*;q=0.1', 'prometheus'],
    ['nothing that is refused', 'text/plain;q=0,*/*;q=0.1', 'openmetrics'],
    ['classic text where all is refused', '*/*;q=0', 'prometheus'],
    ['classic text where a weight cannot be read', 'application/openmetrics-text;q=high', 'prometheus'],
    ['classic text where a weight is above one', 'application/openmetrics-text;q=2', 'prometheus'],
    ['classic text for versions to come', 'application/openmetrics-text;version=2.0.0', 'prometheus'],
    [
      'types in any case, with blanks around',
      ' Application/OpenMetrics-Text ; Version="1.0.0" ; Q=0.7 ',
      'openmetrics',
    ],
  ])('chooses %s: %s', (_, accept, format) => {
    expect(negotiate(accept).format).toBe(format);
  });

  it('echoes the version and the way of escaping that were asked for', () => {
    expect(negotiate('application/openmetrics-text;version=0.0.1;escaping=dots').contentType).toBe(
      'application/openmetrics-text; version=0.0.1; charset=utf-8; escaping=dots',
    );
    expect(negotiate('text/plain;escaping=values').contentType).toBe(
      'text/plain; version=0.0.4; charset=utf-8; escaping=values',
    );
  });

  it('repeats nothing that it does not know', () => {
    expect(negotiate('text/plain;escaping=none;charset=latin1;x=y').contentType).toBe(CLASSIC);
    expect(negotiate('text/plain;escaping=dots\r\nSet-Cookie: a=b').contentType).toBe(CLASSIC);
  });

  it('answers one of its content types, whatever it is given', () => {
    const piece = fc.constantFrom(
      'text/plain',
      'application/openmetrics-text',
      'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited',
      '*/*',
      ';',
      ',',
      '=',
      'q',
      '1.0.0',
      '"',
      ' ',
    );
    const header = fc.oneof(
      fc.string(),
      fc.array(piece).map((pieces) => pieces.join('')),
    );
    const text =
      /^(?:text\/plain; version=(?:0\.0\.4|1\.0\.0)|application\/openmetrics-text; version=(?:1\.0\.0|0\.0\.1)); charset=utf-8; escaping=underscores$/;
    fc.assert(
      fc.property(header, (accept) => {
        const { contentType } = negotiate(accept);
        expect(contentType === PROTOBUF || text.test(contentType)).toBe(true);
      }),
    );
  });

  it('looks at no more than the beginning of a header that is far too long', () => {
    const behind = `${'image/png,'.repeat(10_000)}application/openmetrics-text`;
    expect(negotiate(behind).format).toBe('prometheus');
    expect(negotiate(`application/openmetrics-text,${behind}`).format).toBe('openmetrics');
    expect(negotiate('text/plain'.repeat(10_000)).format).toBe('prometheus');
    expect(negotiate(`application/openmetrics-text;version=1.0.0${' '.repeat(5000)};q=0`).format).toBe('prometheus');
  });
});
