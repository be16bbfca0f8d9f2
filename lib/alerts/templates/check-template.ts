// Whether a template can be read at all, for those who check rules before anything is evaluated.
import { parseTemplate } from './parse-template.js';
import { TemplateFailure } from './template-node.js';

/** What is wrong with a template; undefined where nothing is. */
export function checkTemplate(text: string, name: string): string | undefined {
  if (!text.includes('{{')) return undefined;
  try {
    parseTemplate(text, name);
    return undefined;
  } catch (thrown) {
    if (thrown instanceof TemplateFailure) return `template: ${name}:${thrown.message}`;
    throw thrown;
  }
}
