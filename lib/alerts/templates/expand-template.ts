// Expands a template of a label or an annotation.
import { ok, type Result } from 'neverthrow';
import type { Labels } from '../../model/label-set.js';
import type { FloatHistogram } from '../../query/histograms/float-histogram.js';
import type { VectorSample } from '../../query/values/query-result.js';

/** What a template sees. */
export interface TemplateData {
  /** Of the template, for errors. */
  readonly name: string;
  readonly labels: Labels;
  readonly value: number | FloatHistogram;
  readonly externalLabels: Labels;
  readonly externalUrl: string;
  readonly query: (expr: string) => Promise<Result<readonly VectorSample[], string>>;
}

export async function expandTemplate(text: string, _data: TemplateData): Promise<Result<string, string>> {
  return ok(text);
}
