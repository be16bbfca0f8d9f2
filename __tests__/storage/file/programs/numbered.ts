// Snapshots that follow from their number, so that whoever finds one in a file can tell whether it is intact: a counter that
// grows, a gauge with fractions, and series that come and go.
import type { MetricFamily, SeriesBlock, Snapshot } from '../../../../lib/model/family.js';

const SERIES = 200;
const STEP_MS = 250;
export const BASE_MS = 1_700_000_000_000;

const ids = { name: 'id', values: Array.from({ length: SERIES }, (_, i) => `series-${i}`) };
const labelIds = Int32Array.from({ length: SERIES }, (_, i) => i);
const createdMs = new Float64Array(SERIES).fill(BASE_MS);
const common = { description: '', unit: '' };
const counter = { name: 'numbered_total', type: 'counter', ...common } as const;
const gauge = { name: 'numbered_level', type: 'gauge', ...common } as const;

export const timeOf = (number: number): number => BASE_MS + number * STEP_MS;
export const numberOf = (timestampMs: number): number => (timestampMs - BASE_MS) / STEP_MS;

const totalOf = (number: number, i: number): number => Math.floor((number * (i + 1)) / 10);
const levelOf = (number: number, i: number): number => (number + i) / 7;
/** In any snapshot a tenth of the series is missing. */
const isMissing = (number: number, i: number): boolean => (i + Math.floor(number / 3)) % 10 === 0;

/** Every sample of a snapshot, as a text. */
export function linesOf(number: number): string[] {
  const lines: string[] = [];
  for (let i = 0; i < SERIES; i++) {
    if (isMissing(number, i)) continue;
    lines.push(`numbered_total series-${i} ${totalOf(number, i)}`, `numbered_level series-${i} ${levelOf(number, i)}`);
  }
  return lines.sort();
}

export function numbered(number: number): Snapshot {
  const family = (descriptor: MetricFamily['descriptor'], numberIn: typeof totalOf): MetricFamily => {
    const block: SeriesBlock = {
      size: SERIES,
      live: Uint8Array.from({ length: SERIES }, (_, i) => (isMissing(number, i) ? 0 : 1)),
      dictionaries: [ids],
      labelIds,
      constantLabels: [['job', 'numbered']],
      width: 1,
      values: Float64Array.from({ length: SERIES }, (_, i) => numberIn(number, i)),
      createdMs,
    };
    return { descriptor, observedNegative: false, blocks: () => [block] };
  };
  return { timestampMs: timeOf(number), families: [family(counter, totalOf), family(gauge, levelOf)] };
}
