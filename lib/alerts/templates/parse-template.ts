// Reads templates: tokens into the tree, with the errors that Go's own reader has for them. What it cannot know before a template
// is expanded (types, missing fields) it leaves to the expansion.
import { NOT_OPERANDS, PipelineReader } from './pipeline-reader.js';
import type { TemplateToken } from './scan-template.js';
import type { Template, TemplateNode } from './template-node.js';
import { TokenReader } from './token-reader.js';

type Ending = 'end' | 'else' | 'eof';

/** Throws a `TemplateFailure` that names template and line, as in `template: __alert_X:1: unclosed action`. */
export function parseTemplate(source: string, name: string): Template {
  return new TemplateReader(source, name).read();
}

class TemplateReader {
  readonly #name: string;
  readonly #tokens: TokenReader;
  readonly #pipelines: PipelineReader;
  readonly #defined = new Map<string, readonly TemplateNode[]>();
  #rangeDepth = 0;

  constructor(source: string, name: string) {
    this.#name = name;
    this.#tokens = new TokenReader(source);
    this.#pipelines = new PipelineReader(this.#tokens);
  }

  read(): Template {
    const { nodes, ending } = this.#list();
    if (ending !== 'eof') this.#tokens.fail(`unexpected {{${ending}}}`);
    return { name: this.#name, source: this.#tokens.source, body: nodes, defined: this.#defined };
  }

  #list(): { nodes: TemplateNode[]; ending: Ending } {
    this.#tokens.enter();
    const nodes: TemplateNode[] = [];
    for (;;) {
      const token = this.#tokens.takeIfAny();
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
    this.#tokens.leave();
    return { nodes, ending };
  }

  #action(open: TemplateToken, nodes: TemplateNode[]): Ending | undefined {
    this.#tokens.skipSpace();
    const { text: word, kind, at } = this.#tokens.peek();
    if (kind !== 'word' || !NOT_OPERANDS.has(word)) {
      const pipeline = this.#pipelines.read('command', 'close');
      nodes.push({ kind: 'action', pipeline, at: open.at });
      return undefined;
    }
    this.#tokens.skip();
    switch (word) {
      case 'end':
        this.#tokens.close('end');
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
        if (this.#rangeDepth === 0) this.#tokens.fail(`{{${word}}} outside {{range}}`);
        this.#tokens.close(word);
        nodes.push({ kind: word, at });
        return undefined;
      default:
        nodes.push(this.#template(word, at));
        return undefined;
    }
  }

  #control(kind: 'if' | 'with' | 'range', at: number): TemplateNode {
    const known = this.#pipelines.variables.length;
    const pipeline = this.#pipelines.read(kind, 'close');
    if (kind === 'range') this.#rangeDepth++;
    const { nodes: body, ending } = this.#list();
    if (kind === 'range') this.#rangeDepth--;
    const otherwise = ending === 'else' ? this.#otherwise(kind) : undefined;
    if (ending === 'eof') this.#tokens.fail('unexpected EOF');
    this.#pipelines.variables.length = known;
    return { kind, pipeline, body, otherwise, at };
  }

  #otherwise(kind: 'if' | 'with' | 'range'): readonly TemplateNode[] {
    this.#tokens.skipSpace();
    const { text, at } = this.#tokens.peek();
    if ((text === 'if' || text === 'with') && text === kind) {
      this.#tokens.skip();
      return [this.#control(kind, at)];
    }
    this.#tokens.close('else');
    const { nodes, ending } = this.#list();
    if (ending === 'eof') this.#tokens.fail('unexpected EOF');
    if (ending === 'else') this.#tokens.fail(`expected end; found {{else}}`);
    return nodes;
  }

  #define(): void {
    const name = this.#templateName('define clause');
    this.#tokens.close('define clause');
    if (this.#tokens.depth !== 1) this.#tokens.fail('unexpected {{define}}');
    this.#defined.set(name, this.#body());
  }

  #body(): readonly TemplateNode[] {
    const known = this.#pipelines.variables;
    // Within, only the dot is known.
    this.#pipelines.variables = ['$'];
    const { nodes, ending } = this.#list();
    this.#pipelines.variables = known;
    if (ending !== 'end')
      this.#tokens.fail(ending === 'eof' ? 'unexpected EOF' : 'unexpected {{else}} in define clause');
    return nodes;
  }

  #template(word: string, at: number): TemplateNode {
    this.#tokens.skipSpace();
    const nameAt = this.#tokens.peek().at;
    const name = this.#templateName(`${word} clause`);
    this.#tokens.skipSpace();
    const isBare = word === 'template' && this.#tokens.peek().kind === 'close';
    if (isBare) this.#tokens.skip();
    const pipeline = isBare ? undefined : this.#pipelines.read(`${word} clause`, 'close');
    if (word === 'block') this.#defined.set(name, this.#body());
    return { kind: 'template', name, pipeline, at: word === 'block' ? at : nameAt };
  }

  #templateName(context: string): string {
    this.#tokens.skipSpace();
    const token = this.#tokens.take();
    if (token.kind !== 'string') this.#tokens.unexpected(token, context);
    return this.#tokens.string(token.text);
  }
}
