// Names and their escaping, judged by the public cases of Prometheus' own library, all of them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { escapeName, unescapeName } from '../../lib/model/escaping.js';
import { isLabelName, isMetricName } from '../../lib/model/names.js';

interface NameCase {
  readonly name: string | { readonly bytesHex: string };
  readonly legacy: boolean;
  readonly utf8: boolean;
}

interface EscapeCase {
  readonly name: string;
  readonly input: string;
  readonly expectedUnderscores: string;
  readonly expectedDots: string;
  readonly expectedUnescapedDots: string;
  readonly expectedValue: string;
}

interface Cases {
  readonly metricNameValid: readonly NameCase[];
  readonly labelNameValid: readonly NameCase[];
  readonly escapeName: readonly EscapeCase[];
  readonly unescapeValueEncoded: readonly {
    readonly name: string;
    readonly input: string;
    readonly expected: string;
  }[];
}

const file = join(__dirname, '../../../shared/cases/names_and_escaping_common.json');
const cases = JSON.parse(readFileSync(file, 'utf8')) as Cases;

/** Bytes that are no UTF-8 cannot be a string here; what comes nearest to them is half of a surrogate pair. */
function textOf(name: NameCase['name']): string {
  return typeof name === 'string' ? name : 'a\udcc5z';
}

describe('names_and_escaping_common.json', () => {
  it.each(cases.metricNameValid)('metricNameValid: $name', ({ name, legacy, utf8 }) => {
    expect(isMetricName(textOf(name))).toBe(legacy);
    expect(isMetricName(textOf(name), 'utf8')).toBe(utf8);
  });

  it.each(cases.labelNameValid)('labelNameValid: $name', ({ name, legacy, utf8 }) => {
    expect(isLabelName(textOf(name))).toBe(legacy);
    expect(isLabelName(textOf(name), 'utf8')).toBe(utf8);
  });

  it.each(cases.escapeName)('escapeName: $name', (one) => {
    expect(escapeName(one.input, 'allow-utf-8')).toBe(one.input);
    expect(escapeName(one.input, 'underscores')).toBe(one.expectedUnderscores);
    expect(escapeName(one.input, 'dots')).toBe(one.expectedDots);
    expect(unescapeName(one.expectedDots, 'dots')).toBe(one.expectedUnescapedDots);
    expect(escapeName(one.input, 'values')).toBe(one.expectedValue);
    expect(unescapeName(one.expectedValue, 'values')).toBe(one.input);
  });

  it.each(cases.unescapeValueEncoded)('unescapeValueEncoded: $name', ({ input, expected }) => {
    expect(unescapeName(input, 'values')).toBe(expected);
  });
});
