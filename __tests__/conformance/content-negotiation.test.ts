// Content negotiation, judged by the public cases of Prometheus' own library: the formats that are offered here have to be
// chosen where it chooses them. Where no escaping is asked for, none is named, which readers take as their default.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { negotiate } from '../../lib/exposition/negotiation.js';

interface NegotiationCase {
  readonly name: string;
  readonly acceptHeaderValue: string;
  readonly expectedFmt: string;
  readonly acceptedFormats?: readonly { readonly id: string }[] | null;
}

const file = join(__dirname, '../../../shared/cases/content_negotiation_common.json');
const suites = JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, readonly NegotiationCase[]>>;

const OFFERED = new Set(['FmtText', 'FmtOpenMetrics_1_0_0']);

/** Why a case does not apply; undefined where it does. */
function reasonToSkip({ name, expectedFmt, acceptedFormats }: NegotiationCase): string | undefined {
  if (expectedFmt.startsWith('application/vnd.google.protobuf')) return 'protobuf is not offered';
  if (acceptedFormats?.some(({ id }) => !OFFERED.has(id))) return 'it supposes other formats to be offered';
  // OpenMetrics, "Protocol negotiation": without a version, 1.0.0 has to be answered. The library keeps to its own past.
  if (name === 'OM format, no version') return 'the specification wants 1.0.0 here';
  return undefined;
}

function expected({ acceptHeaderValue, expectedFmt }: NegotiationCase): string {
  return acceptHeaderValue.includes('escaping=') ? expectedFmt : expectedFmt.replace(/; escaping=.*/, '');
}

const all = ['TestNegotiate', 'TestNegotiateIncludingOpenMetrics', 'TestNegotiateAccept'].flatMap((suite) => {
  return suites[suite]!.map((one) => ({ ...one, suite, reason: reasonToSkip(one) }));
});

describe('content_negotiation_common.json', () => {
  it.each(all.filter(({ reason }) => reason === undefined))('$suite: $name', (one) => {
    expect(negotiate(one.acceptHeaderValue).contentType).toBe(expected(one));
  });

  it('answers OpenMetrics 1.0.0 where no version is asked for', () => {
    expect(negotiate('application/openmetrics-text').contentType).toBe(
      'application/openmetrics-text; version=1.0.0; charset=utf-8',
    );
  });

  it('leaves out only what is not offered or contradicts the specification', () => {
    const reasons = all.map(({ reason }) => reason).filter((reason) => reason !== undefined);
    expect(new Set(reasons)).toEqual(
      new Set([
        'protobuf is not offered',
        'it supposes other formats to be offered',
        'the specification wants 1.0.0 here',
      ]),
    );
    expect(all.length - reasons.length).toBe(13);
  });
});
