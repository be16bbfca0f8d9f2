// The options of what encodes and reads, judged where they are used: programs without types, and texts from elsewhere, may ask
// for what there is not.
import { MetricDefinitionError } from '../errors.js';
import { ESCAPINGS } from '../model/escaping.js';

/** @throws MetricDefinitionError `invalid_option` unless the value is one of the choices. */
function checkChoice(option: string, value: unknown, choices: readonly string[]): void {
  if (choices.includes(value as string)) return;
  const rule = `Give one of ${choices.join(', ')}.`;
  throw new MetricDefinitionError({ kind: 'invalid_option', option, value: String(value).slice(0, 100), rule });
}

/** What texts may be written in, and read. */
export function checkTextFormat(format: unknown): void {
  checkChoice('format', format, ['prometheus', 'openmetrics']);
}

export function checkFormat(format: unknown): void {
  checkChoice('format', format, ['prometheus', 'openmetrics', 'protobuf']);
}

export function checkEscaping(escaping: unknown): void {
  checkChoice('escaping', escaping, ESCAPINGS);
}
