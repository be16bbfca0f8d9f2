// Content negotiation, judged by the public cases of Prometheus' own library, all of them. That library is told by its caller
// what to offer; so is this one here, with formats that it does not encode among them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type NegotiationOptions, negotiate, type Offer } from '../../lib/exposition/negotiation.js';
import type { Escaping } from '../../lib/model/escaping.js';

interface NegotiationCase {
  readonly name: string;
  readonly acceptHeaderValue: string;
  readonly expectedFmt: string;
  readonly acceptedFormats?: readonly { readonly id: string }[] | null;
}

type Suite = 'TestNegotiate' | 'TestNegotiateIncludingOpenMetrics' | 'TestNegotiateAccept';

const file = join(__dirname, '../../../shared/cases/content_negotiation_common.json');
const suites = JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<Suite, readonly NegotiationCase[]>>;

/** A format of the library. Only what it is called matters here. */
function offer(mediaType: string, parameters: Offer['parameters'], suffix = '; charset=utf-8'): Offer {
  return { format: 'prometheus', mediaType, parameters, suffix };
}

function protobuf(encoding: string): Offer {
  const parameters = [
    { name: 'proto', values: ['io.prometheus.client.MetricFamily'] },
    { name: 'encoding', values: [encoding] },
  ];
  return offer('application/vnd.google.protobuf', parameters, '');
}

function openMetrics(...values: [string, ...string[]]): Offer {
  return offer('application/openmetrics-text', [{ name: 'version', values, preset: values[0] }]);
}

const text = offer('text/plain', [{ name: 'version', values: ['0.0.4'], preset: '0.0.4' }]);
const protobufs = ['delimited', 'text', 'compact-text'].map(protobuf);

const BY_ID: Readonly<Record<string, Offer>> = {
  FmtText: text,
  FmtProtoDelim: protobuf('delimited'),
  FmtOpenMetrics_1_0_0: openMetrics('1.0.0'),
  fmtOpenMetrics_2_0_0: openMetrics('2.0.0'),
};

/** What each suite of the library offers, and what it answers to those who ask for no escaping. */
const SETTINGS: Readonly<Record<Suite, { readonly offers: readonly Offer[]; readonly escaping: Escaping }>> = {
  TestNegotiate: { offers: [...protobufs, text], escaping: 'underscores' },
  // Without a version it answers 0.0.1, for the sake of its own past; what is served here is 1.0.0, as OpenMetrics has it.
  TestNegotiateIncludingOpenMetrics: {
    offers: [...protobufs, openMetrics('0.0.1', '1.0.0'), text],
    escaping: 'values',
  },
  TestNegotiateAccept: { offers: [text], escaping: 'values' },
};

function optionsOf(suite: Suite, { acceptedFormats }: NegotiationCase): NegotiationOptions {
  const { offers, escaping } = SETTINGS[suite];
  const [first = text, ...others] = acceptedFormats?.map(({ id }) => BY_ID[id] as Offer) ?? offers;
  return { offers: [first, ...others], escaping };
}

describe('content_negotiation_common.json', () => {
  describe.each(Object.keys(SETTINGS) as Suite[])('%s', (suite) => {
    it.each(suites[suite])('$name', (one) => {
      expect(negotiate(one.acceptHeaderValue, optionsOf(suite, one)).contentType).toBe(one.expectedFmt);
    });
  });

  it('holds for what is served, too, wherever a case is about nothing else', () => {
    const served = suites.TestNegotiate.filter(({ expectedFmt }) =>
      /^text\/plain|encoding=delimited/.test(expectedFmt),
    );
    expect(served.length).toBeGreaterThan(4);
    for (const one of served) expect(negotiate(one.acceptHeaderValue).contentType).toBe(one.expectedFmt);
  });

  it('answers OpenMetrics 1.0.0 where no version is asked for', () => {
    expect(negotiate('application/openmetrics-text').contentType).toBe(
      'application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=underscores',
    );
  });
});
