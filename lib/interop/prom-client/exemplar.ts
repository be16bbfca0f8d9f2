// Exemplars as prom-client takes them.
import type { RecordingOptions } from '../../instruments/given-exemplar.js';
import type { Labels } from '../../instruments/labels.js';

const MOST_CHARACTERS = 128;

/**
 * What an instrument is told of these labels; without any, the exemplar that a series has stays.
 *
 * @throws RangeError where they are too long
 */
export function exemplarOf(labels: Readonly<Record<string, unknown>> = {}): RecordingOptions | undefined {
  const entries = Object.entries(labels);
  if (entries.length === 0) return undefined;
  const length = entries.reduce((sum, [name, value]) => sum + name.length + String(value).length, 0);
  if (length > MOST_CHARACTERS) throw new RangeError('Label set size must be smaller than 128 UTF-8 chars');
  return { exemplar: Object.fromEntries(entries.map(([name, value]) => [name, String(value)])) as Labels };
}
