// Numbers as PromQL writes them. They follow the rules of Go, which JavaScript's own conversions do not know: octal numbers,
// underscores between digits, and `Inf`.

const HEXADECIMAL = /^0[xX](?:_?[0-9a-fA-F])+$/;
const OCTAL = /^0(?:_?[0-7])+$/;
const DECIMAL = /^(?:\d(?:_?\d)*\.?(?:\d(?:_?\d)*)?|\.\d(?:_?\d)*)(?:[eE][+-]?\d(?:_?\d)*)?$/;

/** From here on, integers do not fit into 64 bits. */
const TOO_LARGE = 2 ** 63;

/**
 * What a number without a sign says; undefined where the text is none. Infinite where it says more than a number can be,
 * which in hexadecimal is what has more than 64 bits, and for octal numbers means to read them as decimal ones.
 */
export function readNumber(text: string): number | undefined {
  const plain = text.replaceAll('_', '');
  if (HEXADECIMAL.test(text)) return Number(plain) < TOO_LARGE ? Number(plain) : Number.POSITIVE_INFINITY;
  if (OCTAL.test(text) && Number.parseInt(plain, 8) < TOO_LARGE) return Number.parseInt(plain, 8);
  if (DECIMAL.test(text)) return Number(plain);
  switch (text.toLowerCase()) {
    case 'inf':
      return Number.POSITIVE_INFINITY;
    case 'nan':
      return Number.NaN;
    default:
      return undefined;
  }
}

/** Without an exponent, and with as few digits as tell the number from all others. */
export function formatNumber(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  if (Object.is(value, -0)) return '-0';
  const [mantissa, exponent] = String(value).split('e') as [string, string?];
  return exponent === undefined ? mantissa : withoutExponent(mantissa, Number(exponent));
}

function withoutExponent(mantissa: string, exponent: number): string {
  const sign = mantissa.startsWith('-') ? '-' : '';
  const [whole, fraction = ''] = mantissa.replace('-', '').split('.') as [string, string?];
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${whole}${fraction}`;
  return `${sign}${whole}${fraction.padEnd(exponent, '0')}`;
}
