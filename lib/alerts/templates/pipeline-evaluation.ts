// Evaluates what stands in the actions of a template: pipelines, variables, fields and calls, in counted steps. What a template
// writes, and in which order, is no matter here.
import { lineOf } from './scan-template.js';
import { type Calling, callFunction, requireArguments } from './template-functions.js';
import {
  type Command,
  type Operand,
  type Pipeline,
  type Template,
  TemplateFailure,
  type Term,
} from './template-node.js';
import { isTrue, TemplateMap, TemplateRecord, TemplateTime, type TemplateValue, typeName } from './template-value.js';
import { timeField } from './time-fields.js';

/** What annotations need is hundreds. */
export const MOST_STEPS = 100_000;
export const LONGEST_OUTPUT = 65_536;
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

export class PipelineEvaluation {
  readonly #template: Template;
  readonly #context: RunContext;
  #steps = 0;
  /** Those that are known at present, the innermost last. */
  variables: Variable[] = [];
  /** What is being evaluated, for errors. */
  place: { readonly at: number; readonly text: string } = { at: 0, text: '' };

  constructor(template: Template, context: RunContext) {
    this.#template = template;
    this.#context = context;
    const { data } = context;
    const given = [
      ['$', data],
      ['$labels', data.fields.get('Labels')],
      ['$externalLabels', data.fields.get('ExternalLabels')],
      ['$externalURL', data.fields.get('ExternalURL')],
      ['$value', data.fields.get('Value')],
    ] as const;
    this.variables = given.map(([name, value]) => ({ name, value }));
  }

  /** A failure with where it happened, and in what. */
  placed({ message }: TemplateFailure): TemplateFailure {
    const { name, source } = this.#template;
    const { at, text } = this.place;
    const lineStart = source.lastIndexOf('\n', at - 1);
    const column = lineStart < 0 ? at + this.#context.offset : at - lineStart - 1;
    const shown = text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}...` : text;
    const where = `${name}:${lineOf(source, at)}:${column}`;
    return new TemplateFailure(`template: ${where}: executing ${JSON.stringify(name)} at <${shown}>: ${message}`);
  }

  /** The value of a pipeline, which its variables have from now on. */
  evaluate(pipeline: Pipeline, dot: TemplateValue): TemplateValue {
    const value = this.valueOf(pipeline, dot);
    for (const name of pipeline.variables) {
      if (pipeline.isAssignment) this.#variable(name).value = value;
      else this.variables.push({ name, value });
    }
    return value;
  }

  /** The same without a change of variables. */
  valueOf({ commands }: Pipeline, dot: TemplateValue): TemplateValue {
    let piped: readonly TemplateValue[] = [];
    for (const command of commands) piped = [this.#command(command, dot, piped)];
    return piped[0];
  }

  #command({ terms, text }: Command, dot: TemplateValue, piped: readonly TemplateValue[]): TemplateValue {
    this.step();
    const [first, ...others] = terms;
    const { operand, fields } = first;
    if (operand.kind === 'function') {
      const value = this.#function(operand.name, { place: { at: first.at, text }, others, dot, piped });
      return fields.reduce<TemplateValue>((each, field) => this.#field(each, field, []), value);
    }
    if (operand.kind === 'nil') {
      this.place = first;
      throw new TemplateFailure('nil is not a command');
    }
    if (others.length + piped.length === 0) return this.#term(first, dot);
    this.place = first;
    if (fields.length === 0) throw new TemplateFailure(`can't give argument to non-function ${first.text}`);
    const owner = this.#fields(first, dot, fields.slice(0, -1));
    const args = [...others.map((term) => this.#term(term, dot)), ...piped];
    this.place = first;
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
    this.place = { at: place.at, text: name };
    requireArguments(name, args.length);
    this.place = place;
    return this.#bounded(callFunction(name, args, this.#context));
  }

  #term(term: Term, dot: TemplateValue): TemplateValue {
    this.step();
    return this.#fields(term, dot, term.fields);
  }

  #fields(term: Term, dot: TemplateValue, fields: readonly string[]): TemplateValue {
    this.place = term;
    const value = this.#operand(term.operand, dot);
    this.place = term;
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
        return this.valueOf(operand.pipeline, dot);
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
    const found = this.variables.findLast((variable) => variable.name === name);
    if (found === undefined) throw new TemplateFailure(`undefined variable: ${name}`);
    return found;
  }

  /** Gives the variables of a `range` the values of one turn. */
  declareItem({ variables, isAssignment }: Pipeline, key: TemplateValue, item: TemplateValue): void {
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
      else this.variables.push({ name, value });
    }
  }

  #bounded(value: TemplateValue): TemplateValue {
    if (typeof value !== 'string') return value;
    if (value.length > LONGEST_OUTPUT) throw new TemplateFailure(`a text exceeds ${LONGEST_OUTPUT} characters`);
    this.#steps += Math.floor(value.length / CHARACTERS_PER_STEP);
    return value;
  }

  /** @throws TemplateFailure where there were too many. */
  step(): void {
    if (++this.#steps > MOST_STEPS) throw new TemplateFailure(`the template takes more than ${MOST_STEPS} steps`);
  }
}
