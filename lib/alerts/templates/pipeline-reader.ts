// Reads what stands within the braces of an action: pipelines of commands, with variables, functions and literals.
import { isTemplateFunction } from './function-names.js';
import type { TemplateToken } from './scan-template.js';
import type { Command, Operand, Pipeline, Term } from './template-node.js';
import type { TokenReader } from './token-reader.js';

/** What Prometheus declares in front of every template. */
const GIVEN = ['$', '$labels', '$externalLabels', '$externalURL', '$value'];
/** Words that begin actions of their own, and are no operands. */
export const NOT_OPERANDS = new Set([
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

export class PipelineReader {
  readonly #tokens: TokenReader;
  /** The variables that are known where reading stands. */
  variables: string[] = [...GIVEN];

  constructor(tokens: TokenReader) {
    this.#tokens = tokens;
  }

  read(context: string, end: 'close' | ')'): Pipeline {
    this.#tokens.skipSpace();
    const { at } = this.#tokens.peek();
    const { variables, isAssignment } = this.#declaration(context);
    const commands: Command[] = [];
    for (;;) {
      this.#tokens.skipSpace();
      const token = this.#tokens.peek();
      if (token.kind === 'close' || token.text === ')') {
        if ((end === 'close') !== (token.kind === 'close')) this.#tokens.unexpected(token, context);
        this.#tokens.skip();
        if (commands.length === 0) this.#tokens.fail(`missing value for ${context}`);
        this.#checkPipeline(commands);
        this.variables.push(...variables);
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
        this.#tokens.fail(`non executable command in pipeline stage ${i + 1}`);
      }
    }
  }

  #declaration(context: string): { variables: string[]; isAssignment: boolean } {
    const variables: string[] = [];
    const from = this.#tokens.place;
    for (;;) {
      const token = this.#tokens.peek();
      if (token.kind !== 'variable') break;
      this.#tokens.skip();
      this.#tokens.skipSpace();
      const { text } = this.#tokens.peek();
      variables.push(token.text);
      if (text === ',' && context === 'range' && variables.length === 1) {
        this.#tokens.skip();
        this.#tokens.skipSpace();
        continue;
      }
      if (text !== ':=' && text !== '=') break;
      this.#tokens.skip();
      return { variables, isAssignment: text === '=' };
    }
    this.#tokens.goBack(from);
    return { variables: [], isAssignment: false };
  }

  #command(context: string): Command {
    const { at } = this.#tokens.peek();
    const terms: Term[] = [];
    for (;;) {
      this.#tokens.skipSpace();
      const token = this.#tokens.peek();
      if (token.kind === 'close' || token.text === ')') break;
      if (token.text === '|') {
        this.#tokens.skip();
        this.#tokens.skipSpace();
        break;
      }
      terms.push(this.#term(context));
      const after = this.#tokens.peek();
      if (!['space', 'close'].includes(after.kind) && after.text !== ')' && after.text !== '|')
        this.#tokens.unexpected(after, 'operand');
    }
    const [first, ...others] = terms;
    if (first === undefined) return this.#tokens.fail('empty command');
    const text = terms.map((term) => term.text).join(' ');
    return { terms: [first, ...others], text, at };
  }

  #term(context: string): Term {
    const { at } = this.#tokens.peek();
    const operand = this.#operand(context);
    const fields = operand.field === undefined ? [] : [operand.field];
    let from = at;
    while (this.#tokens.peek().kind === 'field') {
      const { text, at: start } = this.#tokens.take();
      if (from === at) from = start;
      if (operand.operand.kind === 'literal')
        this.#tokens.fail(`unexpected . after term ${JSON.stringify(operand.operand.text)}`);
      fields.push(text.slice(1));
    }
    return { operand: operand.operand, fields, at: from, text: this.#tokens.source.slice(at, this.#tokens.peek().at) };
  }

  #operand(context: string): { operand: Operand; field?: string } {
    const token = this.#tokens.take();
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
        return { operand: { kind: 'literal', value: this.#tokens.literal(token), text, at } };
      case 'word':
        return { operand: this.#word(token, context) };
      default:
        if (text === '.') return { operand: { kind: 'dot', at } };
        if (text !== '(') this.#tokens.unexpected(token, context);
        return { operand: { kind: 'pipeline', pipeline: this.#nested(), at } };
    }
  }

  #nested(): Pipeline {
    this.#tokens.enter();
    const pipeline = this.read('parenthesized pipeline', ')');
    this.#tokens.leave();
    return pipeline;
  }

  #word(token: TemplateToken, context: string): Operand {
    const { text, at } = token;
    if (text === 'true' || text === 'false') return { kind: 'literal', value: text === 'true', text, at };
    if (text === 'nil') return { kind: 'nil', at };
    if (NOT_OPERANDS.has(text)) this.#tokens.unexpected(token, context);
    if (!isTemplateFunction(text)) this.#tokens.fail(`function ${JSON.stringify(text)} not defined`);
    return { kind: 'function', name: text, at };
  }

  #requireKnown(name: string): void {
    if (!this.variables.includes(name)) this.#tokens.fail(`undefined variable ${JSON.stringify(name)}`);
  }
}
