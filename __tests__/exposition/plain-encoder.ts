// A second encoder of classic text, as plain as can be: strings put together series by series. It says what the fast one has to
// print, however its chunks, pages and copies fall.
import type { MetricFamily, SeriesBlock } from '../../lib/model/family.js';

export function plainText(families: readonly MetricFamily[]): string {
  return families.map(familyText).join('');
}

function familyText(family: MetricFamily): string {
  const { name, type, description } = family.descriptor;
  const lines: string[] = [];
  for (const block of family.blocks()) {
    for (let row = 0; row < block.size; row++) {
      if (block.live?.[row] !== 0) lines.push(...seriesText(family, block, row));
    }
  }
  if (lines.length === 0) return '';
  const help = description === '' ? '' : `# HELP ${name} ${escaped(description, /[\\\n]/g)}\n`;
  const shown = { info: 'gauge', stateset: 'gauge', unknown: 'untyped' }[type as string] ?? type;
  return `${help}# TYPE ${name} ${shown}\n${lines.join('')}`;
}

function seriesText({ descriptor }: MetricFamily, block: SeriesBlock, row: number): string[] {
  const numbers = [...block.values.subarray(row * block.width, (row + 1) * block.width)];
  const labels = labelsOf(block, row);
  const line = (suffix: string, value: number, ...extra: [string, string][]): string => {
    const all = [...labels, ...extra].map(([name, text]) => `${name}="${escaped(text, /[\\"\n]/g)}"`);
    return `${descriptor.name}${suffix}${all.length === 0 ? '' : `{${all.join(',')}}`} ${numberText(value)}\n`;
  };
  switch (descriptor.type) {
    case 'histogram': {
      const bounds = [...descriptor.upperBounds.map(numberText), '+Inf'];
      const upTo = (i: number): number => numbers.slice(0, i + 1).reduce((sum, one) => sum + one, 0);
      return [
        ...bounds.map((bound, i) => line('_bucket', upTo(i), ['le', bound])),
        line('_sum', numbers.at(-1)!),
        line('_count', upTo(bounds.length - 1)),
      ];
    }
    case 'summary': {
      const { quantiles } = descriptor;
      return [
        ...quantiles.map((quantile, i) => line('', numbers[i]!, ['quantile', numberText(quantile)])),
        line('_sum', numbers[quantiles.length]!),
        line('_count', numbers[quantiles.length + 1]!),
      ];
    }
    case 'stateset':
      return descriptor.states.map((state, i) => line('', numbers[i]!, [descriptor.name, state]));
    default:
      return [line('', numbers[0]!)];
  }
}

function labelsOf({ dictionaries, labelIds, constantLabels }: SeriesBlock, row: number): (readonly [string, string])[] {
  const own = dictionaries.map(({ name, values }, column) => {
    return [name, values[labelIds[row * dictionaries.length + column]!]!] as const;
  });
  return [...own, ...constantLabels];
}

function escaped(text: string, what: RegExp): string {
  return text.replace(what, (character) => (character === '\n' ? '\\n' : `\\${character}`));
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  return Object.is(value, -0) ? '-0' : String(value);
}
