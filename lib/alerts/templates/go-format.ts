// `printf` as Go has it: verbs, flags, widths and precisions for the values that templates have, and Go's words for mistakes.
import { quote } from '../../query/language/strings.js';
import { shortNumber } from '../../query/values/short-number.js';
import { exponential, fixed } from './go-rounding.js';
import { printed, TemplateMap, TemplateRecord, type TemplateValue, typeName } from './template-value.js';

/** Go allows a million; no annotation has use for that. */
const WIDEST = 1000;
const VERB = /%([-+# 0]*)(\*|\d+)?(?:\.(\*|\d*))?(\[\d+\])?([\s\S])?/gu;

interface Directive {
  readonly flags: string;
  readonly width: number | undefined;
  readonly precision: number | undefined;
  readonly verb: string;
}

export function goFormat(format: string, args: readonly TemplateValue[]): string {
  let next = 0;
  const numberArg = (text: string | undefined): number | undefined => {
    if (text === undefined) return undefined;
    if (text !== '*') return Math.min(Number(text), WIDEST);
    const value = args[next++];
    return typeof value === 'bigint' ? Math.min(Number(value), WIDEST) : undefined;
  };
  const text = format.replace(VERB, (_all, flags: string, width, precision, _index, verb: string | undefined) => {
    const directive = { flags, width: numberArg(width), precision: numberArg(precision), verb: verb ?? '' };
    if (verb === undefined) return '%!(NOVERB)';
    if (verb === '%') return '%';
    if (next >= args.length) return `%!${verb}(MISSING)`;
    return formatted(args[next++], directive);
  });
  if (next >= args.length) return text;
  const extra = args
    .slice(next)
    .map((value) => (value === undefined ? '<nil>' : `${typeName(value)}=${printed(value)}`));
  return `${text}%!(EXTRA ${extra.join(', ')})`;
}

function formatted(value: TemplateValue, directive: Directive): string {
  const { verb, flags } = directive;
  if (verb === 'T') return padded(value === undefined ? '<nil>' : typeName(value), directive);
  if (value === undefined) return verb === 'v' ? padded('<nil>', directive) : `%!${verb}(<nil>)`;
  if (typeof value === 'number') return formatFloat(value, directive);
  if (typeof value === 'bigint') return formatInteger(value, directive);
  if (typeof value === 'boolean' && (verb === 't' || verb === 'v')) return padded(String(value), directive);
  if (verb === 's' || verb === 'v')
    return padded(
      cut(flags.includes('#') && typeof value === 'string' ? quote(value) : printed(value), directive),
      directive,
    );
  if (typeof value === 'string') {
    if (verb === 'q') return padded(quote(cut(value, directive)), directive);
    if (verb === 'x' || verb === 'X') {
      const hex = Buffer.from(cut(value, directive), 'utf8').toString('hex');
      return padded(verb === 'x' ? hex : hex.toUpperCase(), directive);
    }
  }
  if (value instanceof TemplateMap || value instanceof TemplateRecord || Array.isArray(value))
    return padded(printed(value), directive);
  return wrong(value, verb);
}

function cut(text: string, { precision }: Directive): string {
  return precision === undefined ? text : [...text].slice(0, precision).join('');
}

function formatFloat(value: number, directive: Directive): string {
  const { verb, precision, flags } = directive;
  const magnitude = Math.abs(value);
  let digits: string;
  if (!Number.isFinite(value)) digits = Number.isNaN(value) ? 'NaN' : 'Inf';
  else if (verb === 'v' || verb === 'g' || verb === 'G') digits = general(magnitude, precision);
  else if (verb === 'f' || verb === 'F') digits = fixed(magnitude, precision ?? 6);
  else if (verb === 'e' || verb === 'E') digits = withExponent(exponential(magnitude, precision ?? 6));
  else return wrong(value, verb);
  if (verb === 'E' || verb === 'G') digits = digits.replace('e', 'E');
  const isNegative = value < 0 || Object.is(value, -0);
  const sign = isNegative
    ? '-'
    : flags.includes('+') || value === Number.POSITIVE_INFINITY
      ? '+'
      : flags.includes(' ')
        ? ' '
        : '';
  return signed(sign, digits, Number.isFinite(value) ? directive : { ...directive, flags: flags.replaceAll('0', '') });
}

/** `%g`: the shortest digits, or as many as the precision says. */
function general(magnitude: number, precision: number | undefined): string {
  if (precision === undefined) return shortNumber(magnitude);
  const digits = Math.max(1, Math.min(precision, 100));
  const [mantissa, exponent] = exponential(magnitude, digits - 1).split('e') as [string, string];
  const power = Number(exponent);
  const trimmed = mantissa.includes('.') ? mantissa.replace(/\.?0+$/, '') : mantissa;
  if (power < -4 || power >= digits) return withExponent(`${trimmed}e${exponent}`);
  const plain = fixed(magnitude, digits - 1 - power);
  return plain.includes('.') ? plain.replace(/\.?0+$/, '') : plain;
}

function withExponent(text: string): string {
  return text.replace(/e([+-])(\d)$/, 'e$10$2');
}

function formatInteger(value: bigint, directive: Directive): string {
  const { verb, flags, precision } = directive;
  const magnitude = value < 0n ? -value : value;
  const bases: Readonly<Record<string, number>> = { d: 10, v: 10, x: 16, X: 16, o: 8, b: 2 };
  const base = Object.hasOwn(bases, verb) ? (bases[verb] as number) : undefined;
  if (verb === 'c') return padded(String.fromCodePoint(Number(BigInt.asUintN(20, magnitude))), directive);
  if (verb === 'q') return padded(`'${String.fromCodePoint(Number(BigInt.asUintN(20, magnitude)))}'`, directive);
  if (base === undefined) return wrong(value, verb);
  const digits = magnitude.toString(base).padStart(precision ?? 0, '0');
  const prefix = flags.includes('#') && base === 16 ? '0x' : '';
  const sign = value < 0n ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
  const text = `${prefix}${digits}`;
  return signed(sign, verb === 'X' ? text.toUpperCase() : text, directive);
}

function signed(sign: string, digits: string, directive: Directive): string {
  const { flags, width = 0 } = directive;
  if (!flags.includes('0') || flags.includes('-')) return padded(sign + digits, directive);
  return sign + digits.padStart(width - sign.length, '0');
}

function padded(text: string, { flags, width = 0 }: Directive): string {
  const missing = width - [...text].length;
  if (missing <= 0) return text;
  return flags.includes('-') ? text + ' '.repeat(missing) : ' '.repeat(missing) + text;
}

function wrong(value: TemplateValue, verb: string): string {
  return `%!${verb}(${typeName(value)}=${printed(value)})`;
}
