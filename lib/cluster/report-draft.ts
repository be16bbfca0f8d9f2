// A report that is being written, part by part, until it is sent. Apart from the exporter because it is only a shape.
import type { Report } from './protocol.js';

export type Draft = {
  -readonly [Part in keyof Report]: Report[Part] extends readonly (infer Item)[] ? Item[] : Report[Part];
};

/** Whether it tells of series or their numbers. */
export function hasNews({ numbers, families, groups, blocks, observedNegative }: Draft): boolean {
  return [numbers, families, groups, blocks, observedNegative].some((part) => part.length > 0);
}
