// Expands a template of a label or an annotation: the edge of this folder, where what is thrown within becomes a value.
import { err, ok, type Result } from 'neverthrow';
import type { Labels } from '../../model/label-set.js';
import type { FloatHistogram } from '../../query/histograms/float-histogram.js';
import type { VectorSample } from '../../query/values/query-result.js';
import { parseTemplate } from './parse-template.js';
import { type Template, TemplateFailure } from './template-node.js';
import { runTemplate } from './template-run.js';
import { TemplateHistogram, TemplateMap, TemplateRecord, type TemplateValue } from './template-value.js';

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

/** Each is asked once, however often it is written. */
const MOST_QUERIES = 20;
/** What Prometheus writes in front of every template, so that columns in errors are its own. */
const IN_FRONT =
  '{{$labels := .Labels}}{{$externalLabels := .ExternalLabels}}{{$externalURL := .ExternalURL}}{{$value := .Value}}'
    .length;

/** As Go calls the type of what templates see. */
const DATA =
  'struct { Labels map[string]string; ExternalLabels map[string]string; ExternalURL string; Value interface {} }';

/** Thrown where a template asks what has not been answered yet. */
class Unanswered {
  readonly expr: string;

  constructor(expr: string) {
    this.expr = expr;
  }
}

type Answers = Map<string, Result<readonly VectorSample[], string>>;

/**
 * Expands a template. An error says which template, where in it, and what failed, as Prometheus does.
 *
 * Cost: some microseconds; again as much for each query in it. Bounded by 100 000 steps and 65 536 characters.
 */
export async function expandTemplate(text: string, data: TemplateData): Promise<Result<string, string>> {
  let template: Template;
  try {
    template = parseTemplate(text, data.name);
  } catch (thrown) {
    if (!(thrown instanceof TemplateFailure)) throw thrown;
    return err(`error parsing template ${data.name}: template: ${data.name}:${thrown.message}`);
  }
  const answers: Answers = new Map();
  for (;;) {
    const outcome = attempt(template, data, answers);
    if (!(outcome instanceof Unanswered)) return outcome;
    if (answers.size >= MOST_QUERIES) return err(`template ${data.name} asks more than ${MOST_QUERIES} queries`);
    answers.set(outcome.expr, await data.query(outcome.expr));
  }
}

function attempt(template: Template, data: TemplateData, answers: Answers): Result<string, string> | Unanswered {
  const { labels, externalLabels, externalUrl, value } = data;
  const fields = new Map<string, TemplateValue>([
    ['Labels', labelMap(labels)],
    ['ExternalLabels', labelMap(externalLabels)],
    ['ExternalURL', externalUrl],
    ['Value', templateValue(value)],
  ]);
  const query = (expr: string): readonly TemplateValue[] => {
    const answer = answers.get(expr);
    if (answer === undefined) throw new Unanswered(expr);
    if (answer.isErr()) throw new TemplateFailure(answer.error);
    return answer.value.map(sampleOf);
  };
  try {
    const given = new TemplateRecord(DATA, fields);
    return ok(runTemplate(template, { data: given, offset: IN_FRONT, externalUrl, query }));
  } catch (thrown) {
    if (thrown instanceof Unanswered) return thrown;
    if (thrown instanceof TemplateFailure) return err(`error executing template ${data.name}: ${thrown.message}`);
    // A failure of ours is no reason for an alert not to fire.
    return err(`panic expanding template ${data.name}: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  }
}

function labelMap(labels: Labels): TemplateMap {
  return new TemplateMap(new Map(Object.entries(labels)), '');
}

function templateValue(value: number | FloatHistogram): TemplateValue {
  return typeof value === 'number' ? value : new TemplateHistogram(value);
}

function sampleOf({ labels, value, histogram }: VectorSample): TemplateRecord {
  const fields = new Map<string, TemplateValue>([
    ['Labels', labelMap(labels)],
    ['Value', templateValue(histogram ?? value)],
  ]);
  return new TemplateRecord('*template.sample', fields);
}
