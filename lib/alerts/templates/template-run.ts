// Expands a template that has been read, within bounds: steps, depth and the length of texts are counted, and everything is
// synchronous. A query that has no answer yet interrupts it; whoever expands gets the answer and begins anew.
import { quote } from '../../query/language/strings.js';
import { LONGEST_OUTPUT, MOST_STEPS, PipelineEvaluation, type RunContext } from './pipeline-evaluation.js';
import { type Template, TemplateFailure, type TemplateNode } from './template-node.js';
import { isTrue, printed, TemplateMap, type TemplateValue } from './template-value.js';

const DEEPEST_CALL = 50;

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
  readonly #data: TemplateValue;
  readonly #pipelines: PipelineEvaluation;
  #output = '';
  #depth = 0;

  constructor(template: Template, context: RunContext) {
    this.#template = template;
    this.#data = context.data;
    this.#pipelines = new PipelineEvaluation(template, context);
  }

  expand(): string {
    try {
      this.#list(this.#template.body, this.#data);
    } catch (thrown) {
      throw thrown instanceof TemplateFailure ? this.#pipelines.placed(thrown) : thrown;
    }
    return this.#output;
  }

  #list(nodes: readonly TemplateNode[], dot: TemplateValue): void {
    for (const node of nodes) this.#node(node, dot);
  }

  #node(node: TemplateNode, dot: TemplateValue): void {
    this.#pipelines.step();
    switch (node.kind) {
      case 'text':
        return this.#write(node.text);
      case 'action': {
        const value = this.#pipelines.evaluate(node.pipeline, dot);
        if (node.pipeline.variables.length === 0) this.#write(printed(value));
        return;
      }
      case 'break':
      case 'continue':
        throw new Jump(node.kind);
      case 'template':
        this.#pipelines.place = { at: node.at, text: `{{template ${quote(node.name)}}}` };
        return this.#call(
          node.name,
          node.pipeline === undefined ? undefined : this.#pipelines.evaluate(node.pipeline, dot),
        );
      default:
        return this.#control(node, dot);
    }
  }

  #control(node: Extract<TemplateNode, { kind: 'if' | 'with' | 'range' }>, dot: TemplateValue): void {
    const known = this.#pipelines.variables.length;
    const value =
      node.kind === 'range'
        ? this.#pipelines.valueOf(node.pipeline, dot)
        : this.#pipelines.evaluate(node.pipeline, dot);
    if (node.kind === 'range') this.#range(node, value, dot);
    else if (isTrue(value)) this.#list(node.body, node.kind === 'with' ? value : dot);
    else this.#list(node.otherwise ?? [], dot);
    this.#pipelines.variables.length = known;
  }

  #range(
    node: Extract<TemplateNode, { kind: 'if' | 'with' | 'range' }>,
    value: TemplateValue,
    dot: TemplateValue,
  ): void {
    const items = itemsOf(value);
    const known = this.#pipelines.variables.length;
    let isEmpty = true;
    for (const [key, item] of items) {
      isEmpty = false;
      this.#pipelines.step();
      this.#pipelines.declareItem(node.pipeline, key, item);
      const goesOn = this.#once(node.body, item);
      this.#pipelines.variables.length = known;
      if (!goesOn) break;
    }
    if (isEmpty) this.#list(node.otherwise ?? [], dot);
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
    const known = this.#pipelines.variables;
    this.#pipelines.variables = [{ name: '$', value: dot }];
    this.#list(body, dot);
    this.#pipelines.variables = known;
    this.#depth--;
  }

  #write(text: string): void {
    this.#output += text;
    if (this.#output.length > LONGEST_OUTPUT)
      throw new TemplateFailure(`the text exceeds ${LONGEST_OUTPUT} characters`);
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
