// What to say of texts that are no exposition.
import type { ExpositionParseError } from './kinds.js';
import { causeText, shorten } from './quoting.js';

export function describeExposition(error: ExpositionParseError): string {
  switch (error.kind) {
    case 'malformed_exposition':
      return `The exposition is malformed at line ${error.line}, column ${error.column}: ${shorten(error.problem)} Nothing is taken from such a text; correct whoever wrote it, or read it in the format that it is in.`;
    case 'exposition_too_large':
      return `The exposition exceeds ${error.limit} (${error.allowed}) at line ${error.line}, column ${error.column}. Raise that limit if the text comes from someone you trust.`;
    case 'unreadable_exposition':
      return `The exposition could not be read to its end: ${causeText(error.cause)}. Check where it comes from, and read it again.`;
  }
}
