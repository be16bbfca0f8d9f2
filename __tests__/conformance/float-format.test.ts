// Numbers as text, judged by the public cases of client_golang, client_python and the OpenMetrics specification: samples
// and classic labels have to parse back to the same bits, bounds and quantiles of OpenMetrics to be the very text.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeToString } from '../../lib/exposition/encode.js';
import { canonicalNumber, plainNumber } from '../../lib/exposition/numbers.js';
import { familyOf } from '../support/families.js';

interface FloatCase {
  readonly bits: string;
  readonly go: string;
  readonly openMetrics: string;
  readonly js: string;
}

const file = join(__dirname, '../../../shared/cases/float_format.json');
const { values: cases } = JSON.parse(readFileSync(file, 'utf8')) as { readonly values: readonly FloatCase[] };

function doubleOf(bits: string): number {
  return Buffer.from(bits, 'hex').readDoubleBE(0);
}

function parsed(text: string): number {
  return Number(text.replace('Inf', 'Infinity'));
}

describe('float_format.json', () => {
  it.each(cases)('$bits as a sample parses back to the same bits', async ({ bits }) => {
    const family = familyOf({ type: 'gauge', name: 'x' }, { series: [{ row: doubleOf(bits) }] });
    for (const format of ['prometheus', 'openmetrics'] as const) {
      const sample = /^x (.*)$/m.exec(await encodeToString([family], format))?.[1] ?? 'missing';
      expect(parsed(sample)).toBe(doubleOf(bits));
      if (Number.isNaN(doubleOf(bits))) expect(sample).toBe('NaN');
    }
  });

  it.each(cases)('$bits is $openMetrics in a label of OpenMetrics', ({ bits, openMetrics }) => {
    expect(canonicalNumber(doubleOf(bits))).toBe(openMetrics);
  });

  it.each(cases)('$bits as a label of classic text parses back to the same bits', ({ bits, js, go }) => {
    const text = plainNumber(doubleOf(bits));
    expect(parsed(text)).toBe(doubleOf(bits));
    // As prom-client prints it, but for what it prints wrongly.
    expect([js, go]).toContain(text);
  });
});
