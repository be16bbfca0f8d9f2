// Compares samples as rule tests do: labels and values to the last bit, unless a file asks for one bit of tolerance.
import { histogramTestText } from '../../query/histograms/histogram-text.js';
import { formatLabels, keyOf } from '../../query/values/label-sets.js';
import type { VectorSample } from '../../query/values/query-result.js';

export function isSameSample(expected: VectorSample, got: VectorSample, isFuzzy: boolean): boolean {
  if (keyOf(expected.labels) !== keyOf(got.labels)) return false;
  const [wanted, found] = [textOfHistogram(expected), textOfHistogram(got)];
  if (wanted !== '' || found !== '') return wanted === found;
  // NaN equals nothing, not even itself.
  return expected.value === got.value || (isFuzzy && isNextTo(expected.value, got.value));
}

export function sampleText(sample: VectorSample): string {
  return `${formatLabels(sample.labels)} ${textOfHistogram(sample) || sample.value}`;
}

function textOfHistogram({ histogram }: VectorSample): string {
  return histogram === undefined ? '' : histogramTestText(histogram);
}

const words = new DataView(new ArrayBuffer(16));

/** Whether no number is between them. */
function isNextTo(a: number, b: number): boolean {
  if (!Number.isFinite(a) || !Number.isFinite(b) || Math.sign(a) !== Math.sign(b)) return false;
  words.setFloat64(0, a);
  words.setFloat64(8, b);
  const distance = words.getBigInt64(0) - words.getBigInt64(8);
  return distance === 1n || distance === -1n;
}
