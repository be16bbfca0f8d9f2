// Reads templates: tokens into the tree, with the errors that Go's own reader has for them. What it cannot know before a template
// is expanded (types, missing fields) it leaves to the expansion.
import { unquote } from '../../query/language/strings.js';
import { isTemplateFunction } from './function-names.js';
import { failure, scanTemplate, type TemplateToken } from './scan-template.js';
import type { Command, Operand, Pipeline, Placed, Template, TemplateNode, Term } from './template-node.js';

/** Far more than annotations need. */
export const LONGEST_TEMPLATE = 65_536;
const DEEPEST = 100;
/** What Prometheus declares in front of every template. */
const GIVEN = ['$', '$labels', '$externalLabels', '$externalURL', '$value'];
const NOT_OPERANDS = new Set([
  'if',
  'else',
  'end',
  'range',
  'with',
  'define',
  'template',
  'block',
  'break',
  'continue',
]);

/** The escapes of Go's strings. */
const STRING =
  /^(?:`[^`]*`|"(?:[^"\\\n]|\\(?:[abfnrtv\\"]|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{3}))*")$/;

type Ending = 'end' | 'else' | 'eof';

/** Throws a `TemplateFailure` that names template and line, as in `template: __alert_X:1: unclosed action`. */
export function parseTemplate(source: string, name: string): Template {
  return new TemplateReader(source, name).read();
}

class TemplateReader {
  readonly #source: string;
  readonly #name: string;
  readonly #tokens: readonly TemplateToken[];
  readonly #defined = new Map<string, readonly TemplateNode[]>();
  #next = 0;
  #depth = 0;
  #rangeDepth = 0;
  #variables: string[] = [...GIVEN];

  constructor(source: string, name: string) {
    this.#source = source;
    this.#name = name;
    if (source.length > LONGEST_TEMPLATE) throw failure('', 0, `a template has ${LONGEST_TEMPLATE} characters at most`);
    this.#tokens = scanTemplate(source);
  }

  read(): Template {
    const { nodes, ending } = this.#list();
    if (ending !== 'eof') this.#fail(`unexpected {{${ending}}}`);
    return { name: this.#name, source: this.#source, body: nodes, defined: this.#defined };
  }

  #list(): { nodes: TemplateNode[]; ending: Ending } {
    if (++this.#depth > DEEPEST) this.#fail('template is nested too deeply');
    const nodes: TemplateNode[] = [];
    for (;;) {
      const token = this.#tokens[this.#next++];
      if (token === undefined) return this.#leave(nodes, 'eof');
      if (token.kind === 'text') {
        nodes.push({ kind: 'text', text: token.text, at: token.at });
        continue;
      }
      const ending = this.#action(token, nodes);
      if (ending !== undefined) return this.#leave(nodes, ending);
    }
  }

  #leave(nodes: TemplateNode[], ending: Ending): { nodes: TemplateNode[]; ending: Ending } {
    this.#depth--;
    return { nodes, ending };
  }

  #action(open: TemplateToken, nodes: TemplateNode[]): Ending | undefined {
    this.#skipSpace();
    const { text: word, kind, at } = this.#peek();
    if (kind !== 'word' || !NOT_OPERANDS.has(word)) {
      const pipeline = this.#pipeline('command', 'close');
      nodes.push({ kind: 'action', pipeline, at: open.at });
      return undefined;
    }
    this.#next++;
    switch (word) {
      case 'end':
        this.#close('end');
        return 'end';
      case 'else':
        return 'else';
      case 'if':
      case 'with':
      case 'range':
        nodes.push(this.#control(word, at));
        return undefined;
      case 'define':
        this.#define();
        return undefined;
      case 'break':
      case 'continue':
        if (this.#rangeDepth === 0) this.#fail(`{{${word}}} outside {{range}}`);
        this.#close(word);
        nodes.push({ kind: word, at });
        return undefined;
      default:
        nodes.push(this.#template(word, at));
        return undefined;
    }
  }

  #control(kind: 'if' | 'with' | 'range', at: number): TemplateNode {
    const known = this.#variables.length;
    const pipeline = this.#pipeline(kind, 'close');
    if (kind === 'range') this.#rangeDepth++;
    const { nodes: body, ending } = this.#list();
    if (kind === 'range') this.#rangeDepth--;
    const otherwise = ending === 'else' ? this.#otherwise(kind) : undefined;
    if (ending === 'eof') this.#fail('unexpected EOF');
    this.#variables.length = known;
    return { kind, pipeline, body, otherwise, at };
  }

  #otherwise(kind: 'if' | 'with' | 'range'): readonly TemplateNode[] {
    this.#skipSpace();
    const { text, at } = this.#peek();
    if ((text === 'if' || text === 'with') && text === kind) {
      this.#next++;
      return [this.#control(kind, at)];
    }
    this.#close('else');
    const { nodes, ending } = this.#list();
    if (ending === 'eof') this.#fail('unexpected EOF');
    if (ending === 'else') this.#fail(`expected end; found {{else}}`);
    return nodes;
  }

  #define(): void {
    const name = this.#templateName('define clause');
    this.#close('define clause');
    if (this.#depth !== 1) this.#fail('unexpected {{define}}');
    this.#defined.set(name, this.#body());
  }

  #body(): readonly TemplateNode[] {
    const known = this.#variables;
    // Within, only the dot is known.
    this.#variables = ['$'];
    const { nodes, ending } = this.#list();
    this.#variables = known;
    if (ending !== 'end') this.#fail(ending === 'eof' ? 'unexpected EOF' : 'unexpected {{else}} in define clause');
    return nodes;
  }

  #template(word: string, at: number): TemplateNode {
    this.#skipSpace();
    const nameAt = this.#peek().at;
    const name = this.#templateName(`${word} clause`);
    this.#skipSpace();
    const isBare = word === 'template' && this.#peek().kind === 'close';
    if (isBare) this.#next++;
    const pipeline = isBare ? undefined : this.#pipeline(`${word} clause`, 'close');
    if (word === 'block') this.#defined.set(name, this.#body());
    return { kind: 'template', name, pipeline, at: word === 'block' ? at : nameAt };
  }

  #templateName(context: string): string {
    this.#skipSpace();
    const token = this.#take();
    if (token.kind !== 'string') this.#unexpected(token, context);
    return this.#string(token.text);
  }

  #pipeline(context: string, end: 'close' | ')'): Pipeline {
    this.#skipSpace();
    const { at } = this.#peek();
    const { variables, isAssignment } = this.#declaration(context);
    const commands: Command[] = [];
    for (;;) {
      this.#skipSpace();
      const token = this.#peek();
      if (token.kind === 'close' || token.text === ')') {
        if ((end === 'close') !== (token.kind === 'close')) this.#unexpected(token, context);
        this.#next++;
        if (commands.length === 0) this.#fail(`missing value for ${context}`);
        this.#checkPipeline(commands);
        this.#variables.push(...variables);
        return { variables, isAssignment, commands, at };
      }
      commands.push(this.#command(context));
    }
  }

  /** Only what can be called takes what comes through a pipe. */
  #checkPipeline(commands: readonly Command[]): void {
    for (const [i, { terms }] of commands.entries()) {
      const { operand } = terms[0];
      if (
        i > 0 &&
        (operand.kind === 'literal' ||
          operand.kind === 'nil' ||
          (operand.kind === 'dot' && terms[0].fields.length === 0))
      ) {
        this.#fail(`non executable command in pipeline stage ${i + 1}`);
      }
    }
  }

  #declaration(context: string): { variables: string[]; isAssignment: boolean } {
    const variables: string[] = [];
    const from = this.#next;
    for (;;) {
      const token = this.#peek();
      if (token.kind !== 'variable') break;
      this.#next++;
      this.#skipSpace();
      const { text } = this.#peek();
      variables.push(token.text);
      if (text === ',' && context === 'range' && variables.length === 1) {
        this.#next++;
        this.#skipSpace();
        continue;
      }
      if (text !== ':=' && text !== '=') break;
      this.#next++;
      return { variables, isAssignment: text === '=' };
    }
    this.#next = from;
    return { variables: [], isAssignment: false };
  }

  #command(context: string): Command {
    const { at } = this.#peek();
    const terms: Term[] = [];
    for (;;) {
      this.#skipSpace();
      const token = this.#peek();
      if (token.kind === 'close' || token.text === ')') break;
      if (token.text === '|') {
        this.#next++;
        this.#skipSpace();
        break;
      }
      terms.push(this.#term(context));
      const after = this.#peek();
      if (!['space', 'close'].includes(after.kind) && after.text !== ')' && after.text !== '|')
        this.#unexpected(after, 'operand');
    }
    const [first, ...others] = terms;
    if (first === undefined) return this.#fail('empty command');
    const text = terms.map((term) => term.text).join(' ');
    return { terms: [first, ...others], text, at };
  }

  #term(context: string): Term {
    const { at } = this.#peek();
    const operand = this.#operand(context);
    const fields = operand.field === undefined ? [] : [operand.field];
    let from = at;
    while (this.#peek().kind === 'field') {
      const { text, at: start } = this.#take();
      if (from === at) from = start;
      if (operand.operand.kind === 'literal')
        this.#fail(`unexpected . after term ${JSON.stringify(operand.operand.text)}`);
      fields.push(text.slice(1));
    }
    return { operand: operand.operand, fields, at: from, text: this.#source.slice(at, this.#peek().at) };
  }

  #operand(context: string): { operand: Operand; field?: string } {
    const token = this.#take();
    const { at, text } = token;
    switch (token.kind) {
      case 'field':
        return { operand: { kind: 'dot', at }, field: text.slice(1) };
      case 'variable':
        this.#requireKnown(text);
        return { operand: { kind: 'variable', name: text, at } };
      case 'string':
      case 'char':
      case 'number':
        return { operand: { kind: 'literal', value: this.#literal(token), text, at } };
      case 'word':
        return { operand: this.#word(token, context) };
      default:
        if (text === '.') return { operand: { kind: 'dot', at } };
        if (text !== '(') this.#unexpected(token, context);
        return { operand: { kind: 'pipeline', pipeline: this.#nested(), at } };
    }
  }

  #nested(): Pipeline {
    if (++this.#depth > DEEPEST) this.#fail('template is nested too deeply');
    const pipeline = this.#pipeline('parenthesized pipeline', ')');
    this.#depth--;
    return pipeline;
  }

  #word(token: TemplateToken, context: string): Operand {
    const { text, at } = token;
    if (text === 'true' || text === 'false') return { kind: 'literal', value: text === 'true', text, at };
    if (text === 'nil') return { kind: 'nil', at };
    if (NOT_OPERANDS.has(text)) this.#unexpected(token, context);
    if (!isTemplateFunction(text)) this.#fail(`function ${JSON.stringify(text)} not defined`);
    return { kind: 'function', name: text, at };
  }

  #literal({ kind, text }: TemplateToken): string | number | bigint {
    if (kind === 'string') return this.#string(text);
    if (kind === 'char') return BigInt(unquote(`"${text.slice(1, -1)}"`).codePointAt(0) ?? 0);
    const plain = text.replaceAll('_', '');
    const isFloat = /^[+-]?(?:\d|\.)/.test(plain) && /[.eE]/.test(plain) && !/^[+-]?0[xX]/.test(plain);
    if (isFloat) return Number(plain);
    const sign = plain.startsWith('-') ? -1n : 1n;
    const digits = plain.replace(/^[+-]/, '').replace(/^0(?=[0-7]+$)/, '0o');
    return sign * BigInt(digits);
  }

  #string(text: string): string {
    if (!STRING.test(text)) this.#fail('invalid syntax');
    return unquote(text);
  }

  #requireKnown(name: string): void {
    if (!this.#variables.includes(name)) this.#fail(`undefined variable ${JSON.stringify(name)}`);
  }

  #close(context: string): void {
    this.#skipSpace();
    const token = this.#take();
    if (token.kind !== 'close') this.#unexpected(token, context);
  }

  #skipSpace(): void {
    while (this.#tokens[this.#next]?.kind === 'space') this.#next++;
  }

  #peek(): TemplateToken {
    return this.#tokens[this.#next] ?? this.#fail('unexpected EOF');
  }

  #take(): TemplateToken {
    const token = this.#peek();
    this.#next++;
    return token;
  }

  #unexpected({ text }: TemplateToken, context: string): never {
    return this.#fail(`unexpected ${JSON.stringify(text)} in ${context}`);
  }

  #fail(problem: string): never {
    const at: Placed = this.#tokens[Math.min(this.#next, this.#tokens.length) - 1] ?? { at: 0 };
    throw failure(this.#source, at.at, problem);
  }
}
