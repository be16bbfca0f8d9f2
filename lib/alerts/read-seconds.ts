// Durations as rule files and templates write them, in seconds, with Prometheus' words for those that are none.
import { readDuration } from '../query/language/durations.js';

const UNITS = new Set(['y', 'w', 'd', 'h', 'm', 's', 'ms']);

export function readSeconds(text: string): { readonly seconds: number } | { readonly problem: string } {
  if (text === '0') return { seconds: 0 };
  if (text === '') return { problem: 'empty duration string' };
  const read = readDuration(text);
  if ('ms' in read) return { seconds: read.ms / 1000 };
  const unit = /^(?:\d+[a-z]+)*?\d+(\D+)/.exec(text)?.[1];
  const isUnknown = unit !== undefined && !UNITS.has(unit);
  return isUnknown ? { problem: `unknown unit ${JSON.stringify(unit)} in duration ${JSON.stringify(text)}` } : read;
}
