// Expands a template that has been read, within bounds: steps, depth and the length of texts are counted, and everything is
// synchronous. A query that has no answer yet interrupts it; whoever expands gets the answer and begins anew.
import { quote } from '../../query/language/strings.js';
import { lineOf } from './scan-template.js';
import { type Calling, callFunction, requireArguments } from './template-functions.js';
import {
  type Command,
  type Operand,
  type Pipeline,
  type Template,
  TemplateFailure,
  type TemplateNode,
  type Term,
} from './template-node.js';
import {
  isTrue,
  printed,
  TemplateMap,
  TemplateRecord,
  TemplateTime,
  type TemplateValue,
  typeName,
} from './template-value.js';
import { timeField } from './time-fields.js';

/** What annotations need is hundreds. */
const MOST_STEPS = 100_000;
export const LONGEST_OUTPUT = 65_536;
const DEEPEST_CALL = 50;
const LONGEST_SHOWN = 200;
/** Texts count as steps, so that many long ones are bounded too. */
const CHARACTERS_PER_STEP = 256;

export interface RunContext extends Calling {
  readonly data: TemplateRecord;
  /** How many characters stand before the template where Prometheus expands it: its errors count from there. */
  readonly offset: number;
}

interface Variable {
  readonly name: string;
  value: TemplateValue;
}

class Jump {
  readonly kind: 'break' | 'continue';

  constructor(kind: 'break' | 'continue') {
    this.kind = kind;
  }
}

/** Throws a `TemplateFailure` with template, line, column and what was expanded there. */
export function runTemplate(template: Template, context: RunContext): string {
  return new TemplateRun(template, context).expand();
}

class TemplateRun {
  readonly #template: Template;
  readonly #context: RunContext;
  #output = '';
  #steps = 0;
  #depth = 0;
  #variables: Variable[] = [];
  /** What is being evaluated, for errors. */
  #place: { readonly at: number; readonly text: string } = { at: 0, text: '' };

  constructor(template: Template, context: RunContext) {
    this.#template = template;
    this.#context = context;
  }

  expand(): string {
    const { data } = this.#context;
    const given = [
      ['$', data],
      ['$labels', data.fields.get('Labels')],
      ['$externalLabels', data.fields.get('ExternalLabels')],
      ['$externalURL', data.fields.get('ExternalURL')],
      ['$value', data.fields.get('Value')],
    ] as const;
    this.#variables = given.map(([name, value]) => ({ name, value }));
    try {
      this.#list(this.#template.body, data);
    } catch (thrown) {
      throw thrown instanceof TemplateFailure ? this.#placed(thrown) : thrown;
    }
    return this.#output;
  }

  #placed({ message }: TemplateFailure): TemplateFailure {
    const { name, source } = this.#template;
    const { at, text } = this.#place;
    const lineStart = source.lastIndexOf('\n', at - 1);
    const column = lineStart < 0 ? at + this.#context.offset : at - lineStart - 1;
    const shown = text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}...` : text;
    const where = `${name}:${lineOf(source, at)}:${column}`;
    return new TemplateFailure(`template: ${where}: executing ${JSON.stringify(name)} at <${shown}>: ${message}`);
  }

  #list(nodes: readonly TemplateNode[], dot: TemplateValue): void {
    for (const node of nodes) this.#node(node, dot);
  }

  #node(node: TemplateNode, dot: TemplateValue): void {
    this.#step();
    switch (node.kind) {
      case 'text':
        return this.#write(node.text);
      case 'action': {
        const value = this.#pipeline(node.pipeline, dot);
        if (node.pipeline.variables.length === 0) this.#write(printed(value));
        return;
      }
      case 'break':
      case 'continue':
        throw new Jump(node.kind);
      case 'template':
        this.#place = { at: node.at, text: `{{template ${quote(node.name)}}}` };
        return this.#call(node.name, node.pipeline === undefined ? undefined : this.#pipeline(node.pipeline, dot));
      default:
        return this.#control(node, dot);
    }
  }

  #control(node: Extract<TemplateNode, { kind: 'if' | 'with' | 'range' }>, dot: TemplateValue): void {
    const known = this.#variables.length;
    const value = node.kind === 'range' ? this.#pipelineValue(node.pipeline, dot) : this.#pipeline(node.pipeline, dot);
    if (node.kind === 'range') this.#range(node, value, dot);
    else if (isTrue(value)) this.#list(node.body, node.kind === 'with' ? value : dot);
    else this.#list(node.otherwise ?? [], dot);
    this.#variables.length = known;
  }

  #range(
    node: Extract<TemplateNode, { kind: 'if' | 'with' | 'range' }>,
    value: TemplateValue,
    dot: TemplateValue,
  ): void {
    const items = itemsOf(value);
    const known = this.#variables.length;
    let isEmpty = true;
    for (const [key, item] of items) {
      isEmpty = false;
      this.#step();
      this.#declareItem(node.pipeline, key, item);
      const goesOn = this.#once(node.body, item);
      this.#variables.length = known;
      if (!goesOn) break;
    }
    if (isEmpty) this.#list(node.otherwise ?? [], dot);
  }

  #declareItem({ variables, isAssignment }: Pipeline, key: TemplateValue, item: TemplateValue): void {
    const [first, second] = variables;
    const pairs: (readonly [string | undefined, TemplateValue])[] =
      second === undefined
        ? [[first, item]]
        : [
            [first, key],
            [second, item],
          ];
    for (const [name, value] of pairs) {
      if (name === undefined) continue;
      if (isAssignment) this.#variable(name).value = value;
      else this.#variables.push({ name, value });
    }
  }

  /** Whether the next one is to come. */
  #once(body: readonly TemplateNode[], item: TemplateValue): boolean {
    try {
      this.#list(body, item);
      return true;
    } catch (thrown) {
      if (thrown instanceof Jump) return thrown.kind === 'continue';
      throw thrown;
    }
  }

  #call(name: string, dot: TemplateValue): void {
    const body = this.#template.defined.get(name);
    if (body === undefined) throw new TemplateFailure(`template ${JSON.stringify(name)} not defined`);
    if (++this.#depth > DEEPEST_CALL) throw new TemplateFailure('exceeded maximum template depth');
    const known = this.#variables;
    this.#variables = [{ name: '$', value: dot }];
    this.#list(body, dot);
    this.#variables = known;
    this.#depth--;
  }

  #pipeline(pipeline: Pipeline, dot: TemplateValue): TemplateValue {
    const value = this.#pipelineValue(pipeline, dot);
    for (const name of pipeline.variables) {
      if (pipeline.isAssignment) this.#variable(name).value = value;
      else this.#variables.push({ name, value });
    }
    return value;
  }

  #pipelineValue({ commands }: Pipeline, dot: TemplateValue): TemplateValue {
    let piped: readonly TemplateValue[] = [];
    for (const command of commands) piped = [this.#command(command, dot, piped)];
    return piped[0];
  }

  #command({ terms, text }: Command, dot: TemplateValue, piped: readonly TemplateValue[]): TemplateValue {
    this.#step();
    const [first, ...others] = terms;
    const { operand, fields } = first;
    if (operand.kind === 'function') {
      const value = this.#function(operand.name, { place: { at: first.at, text }, others, dot, piped });
      return fields.reduce<TemplateValue>((each, field) => this.#field(each, field, []), value);
    }
    if (operand.kind === 'nil') {
      this.#place = first;
      throw new TemplateFailure('nil is not a command');
    }
    if (others.length + piped.length === 0) return this.#term(first, dot);
    this.#place = first;
    if (fields.length === 0) throw new TemplateFailure(`can't give argument to non-function ${first.text}`);
    const owner = this.#fields(first, dot, fields.slice(0, -1));
    const args = [...others.map((term) => this.#term(term, dot)), ...piped];
    this.#place = first;
    return this.#field(owner, fields.at(-1) as string, args);
  }

  #function(
    name: string,
    call: {
      readonly place: { readonly at: number; readonly text: string };
      readonly others: readonly Term[];
      readonly dot: TemplateValue;
      readonly piped: readonly TemplateValue[];
    },
  ): TemplateValue {
    const { place, others, dot, piped } = call;
    if (name === 'and' || name === 'or') {
      let value: TemplateValue;
      for (const term of others) {
        value = this.#term(term, dot);
        if (isTrue(value) === (name === 'or')) return value;
      }
      return piped.length > 0 ? piped[0] : value;
    }
    const args = [...others.map((term) => this.#term(term, dot)), ...piped];
    this.#place = { at: place.at, text: name };
    requireArguments(name, args.length);
    this.#place = place;
    return this.#bounded(callFunction(name, args, this.#context));
  }

  #term(term: Term, dot: TemplateValue): TemplateValue {
    this.#step();
    return this.#fields(term, dot, term.fields);
  }

  #fields(term: Term, dot: TemplateValue, fields: readonly string[]): TemplateValue {
    this.#place = term;
    const value = this.#operand(term.operand, dot);
    this.#place = term;
    return fields.reduce<TemplateValue>((owner, field) => this.#field(owner, field, []), value);
  }

  #operand(operand: Operand, dot: TemplateValue): TemplateValue {
    switch (operand.kind) {
      case 'dot':
        return dot;
      case 'nil':
        return undefined;
      case 'literal':
        return operand.value;
      case 'variable':
        return this.#variable(operand.name).value;
      case 'function':
        requireArguments(operand.name, 0);
        return this.#bounded(callFunction(operand.name, [], this.#context));
      case 'pipeline':
        return this.#pipelineValue(operand.pipeline, dot);
    }
  }

  #field(owner: TemplateValue, field: string, args: readonly TemplateValue[]): TemplateValue {
    if (owner instanceof TemplateTime) return timeField(owner, field, args);
    if (args.length > 0) throw new TemplateFailure(`${field} has arguments but cannot be invoked as function`);
    if (owner instanceof TemplateMap) return owner.get(field);
    if (owner instanceof TemplateRecord && owner.fields.has(field)) return owner.fields.get(field);
    if (owner === undefined) throw new TemplateFailure(`nil data; no entry for key ${JSON.stringify(field)}`);
    throw new TemplateFailure(`can't evaluate field ${field} in type ${typeName(owner)}`);
  }

  #variable(name: string): Variable {
    const found = this.#variables.findLast((variable) => variable.name === name);
    if (found === undefined) throw new TemplateFailure(`undefined variable: ${name}`);
    return found;
  }

  #write(text: string): void {
    this.#output += text;
    if (this.#output.length > LONGEST_OUTPUT)
      throw new TemplateFailure(`the text exceeds ${LONGEST_OUTPUT} characters`);
  }

  #bounded(value: TemplateValue): TemplateValue {
    if (typeof value !== 'string') return value;
    if (value.length > LONGEST_OUTPUT) throw new TemplateFailure(`a text exceeds ${LONGEST_OUTPUT} characters`);
    this.#steps += Math.floor(value.length / CHARACTERS_PER_STEP);
    return value;
  }

  #step(): void {
    if (++this.#steps > MOST_STEPS) throw new TemplateFailure(`the template takes more than ${MOST_STEPS} steps`);
  }
}

function itemsOf(value: TemplateValue): readonly (readonly [TemplateValue, TemplateValue])[] {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value.map((item, i) => [BigInt(i), item]);
  if (value instanceof TemplateMap) {
    return [...value.entries.keys()].sort().map((key) => [key, value.entries.get(key)]);
  }
  if (typeof value === 'bigint') {
    const count = value < 0n ? 0 : Number(value > BigInt(MOST_STEPS) ? BigInt(MOST_STEPS) : value);
    return Array.from({ length: count }, (_, i) => [BigInt(i), BigInt(i)] as const);
  }
  throw new TemplateFailure(`range can't iterate over ${printed(value)}`);
}
