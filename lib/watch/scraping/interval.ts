// How often a target is scraped, as people and Prometheus' configuration files write it.
import { readDuration } from '../../query/language/durations.js';

const SHORTEST_SECONDS = 1;
const LONGEST_SECONDS = 86_400;

/** Seconds, or undefined for what is no duration from a second to a day. */
export function parseInterval(text: string): number | undefined {
  const read = readDuration(text);
  if (!('ms' in read)) return undefined;
  const seconds = read.ms / 1000;
  return seconds >= SHORTEST_SECONDS && seconds <= LONGEST_SECONDS ? seconds : undefined;
}
