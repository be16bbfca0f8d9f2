// Templates and label values that mean harm: each is expanded or refused in bounded steps and text, and none is more than text.
import { ok } from 'neverthrow';
import { expandTemplate } from '../../../lib/alerts/templates/expand-template.js';

async function expanded(text: string, labels: Record<string, string> = {}): Promise<string> {
  let queries = 0;
  const answer = await expandTemplate(text, {
    name: 'hostile',
    labels,
    value: 1,
    externalLabels: {},
    externalUrl: '',
    query: async () => {
      queries++;
      return ok(Array.from({ length: 100 }, (_, i) => ({ labels: { a: String(i) }, value: i })));
    },
  });
  expect(queries).toBeLessThanOrEqual(20);
  return answer.isOk() ? answer.value : `refused: ${answer.error}`;
}

const nested = (depth: number, before: string, within: string, after: string) =>
  `${before.repeat(depth)}${within}${after.repeat(depth)}`;

describe('expandTemplate', () => {
  it.each([
    [
      'templates that call themselves',
      '{{ define "a" }}{{ template "a" }}{{ end }}{{ template "a" }}',
      'maximum template depth',
    ],
    [
      'templates that call themselves twice',
      '{{ define "a" }}{{ template "a" }}{{ template "a" }}{{ end }}{{ template "a" }}',
      'maximum template depth',
    ],
    ['loops in loops', nested(5, '{{ range query "x" }}', '', '{{ end }}'), 'steps'],
    [
      'loops that write',
      nested(2, '{{ range query "x" }}', 'x'.repeat(10), '{{ end }}'),
      'the text exceeds 65536 characters',
    ],
    ['parentheses in parentheses', `{{ ${nested(20_000, '(', '1', ')')} }}`, 'nested too deeply'],
    ['blocks in blocks', nested(2_000, '{{ if 1 }}', '', '{{ end }}'), 'nested too deeply'],
    ['much text', 'x'.repeat(65_537), 'has 65536 characters at most'],
    [
      'texts that double',
      `{{ $x := "0123456789" }}${'{{ $x = printf "%s%s" $x $x }}'.repeat(40)}`,
      'exceeds 65536 characters',
    ],
    [
      'more queries than anybody needs',
      Array.from({ length: 21 }, (_, i) => `{{ query "${i}" }}`).join(''),
      'more than 20 queries',
    ],
  ])('refuses %s', async (_, text, problem) => {
    expect(await expanded(text)).toMatch(new RegExp(`^refused: .*${problem}`));
  });

  it('refuses what a label makes too long', async () => {
    expect(await expanded('{{ $labels.a }}', { a: 'x'.repeat(65_537) })).toContain('refused: ');
    expect(await expanded('{{ reReplaceAll "" "yyyyyyyyyy" $labels.a }}', { a: 'x'.repeat(50_000) })).toContain(
      'refused: ',
    );
  });

  it('bounds the width of numbers', async () => {
    expect((await expanded('{{ printf "%100000000d" 1 }}')).length).toBeLessThanOrEqual(1000);
    expect((await expanded('{{ printf "%.100000000f" 1.0 }}')).length).toBeLessThanOrEqual(1000);
  });

  it('is not held up by regular expressions that are', async () => {
    expect(await expanded('{{ reReplaceAll "(a*)*b" "x" $labels.a }}', { a: 'a'.repeat(5_000) })).toBe(
      'a'.repeat(5_000),
    );
  });

  it('takes label values for text', async () => {
    const value = '{{ query "up" }}$1$$<script>';
    expect(await expanded('{{ $labels.a }}', { a: value })).toBe(value);
    expect(await expanded('{{ reReplaceAll "b" $labels.a "b" }}', { a: '<b>' })).toBe('<b>');
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    'knows no label %s that is not there',
    async (name) => {
      expect(await expanded(`{{ $labels.${name} }}`)).toBe('');
    },
  );
});
