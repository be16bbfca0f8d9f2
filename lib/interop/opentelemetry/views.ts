// Views: which instruments one selects, and what it makes of them. The options are the SDK's own, so that they can be moved
// here as they are.
import type { AggregationOption, IAttributesProcessor, ViewOptions } from '@opentelemetry/sdk-metrics';
import { MetricDefinitionError } from '../../errors.js';
import { AGGREGATION, type InstrumentKind } from './sdk-values.js';

/** The meter that an instrument belongs to. */
export interface Scope {
  readonly name: string;
  readonly version: string;
  readonly schemaUrl: string | undefined;
}

/** An instrument as its maker describes it. */
export interface InstrumentDescription {
  readonly name: string;
  readonly kind: InstrumentKind;
  readonly description: string;
  readonly unit: string;
  readonly isInteger: boolean;
  /** Bounds for a histogram, as its maker advises. */
  readonly bounds: readonly number[] | undefined;
}

/** What becomes of an instrument: one stream of series. */
export interface StreamDescription extends InstrumentDescription {
  readonly aggregation: AggregationOption;
  readonly processors: readonly IAttributesProcessor[];
  /** Points at most, the one for all further attributes among them; undefined for the collector's limit. */
  readonly limit: number | undefined;
}

const SELECTORS = [
  'instrumentName',
  'instrumentType',
  'instrumentUnit',
  'meterName',
  'meterVersion',
  'meterSchemaUrl',
] as const;
const AGGREGATION_TYPES: readonly unknown[] = Object.values(AGGREGATION);
const DEFAULT: AggregationOption = { type: AGGREGATION.default };

/** @throws MetricDefinitionError `invalid_option` */
export function checkView(view: ViewOptions): void {
  const refuse = (option: string, value: unknown, rule: string) => {
    throw new MetricDefinitionError({ kind: 'invalid_option', option: `views.${option}`, value: String(value), rule });
  };
  if (SELECTORS.every((selector) => view[selector] === undefined)) {
    refuse('selector', 'none', `Give at least one of ${SELECTORS.join(', ')}.`);
  }
  const { name, instrumentName, aggregationCardinalityLimit: limit } = view;
  if (name !== undefined && (instrumentName === undefined || /[*?]/.test(instrumentName))) {
    refuse('name', name, 'Give an instrumentName without wildcards, because one name cannot stand for several.');
  }
  if (limit !== undefined && !(Number.isInteger(limit) && limit >= 1)) {
    refuse('aggregationCardinalityLimit', limit, 'Give a whole number of at least 1.');
  }
  const { aggregation } = view;
  if (aggregation !== undefined && !AGGREGATION_TYPES.includes(aggregation?.type)) {
    refuse(
      'aggregation.type',
      aggregation?.type,
      "Give one of the SDK's AggregationType, such as AggregationType.DROP.",
    );
  }
}

/** The streams of an instrument: one for each view that selects it, or else the one that it is by itself. */
export function streamsOf(
  instrument: InstrumentDescription,
  scope: Scope,
  views: readonly ViewOptions[],
): readonly StreamDescription[] {
  const selecting = views.filter((view) => selects(view, instrument, scope));
  if (selecting.length === 0) return [{ ...instrument, aggregation: DEFAULT, processors: [], limit: undefined }];
  return selecting
    .filter(({ aggregation }) => aggregation?.type !== AGGREGATION.drop)
    .map((view) => ({
      ...instrument,
      name: view.name ?? instrument.name,
      description: view.description ?? instrument.description,
      aggregation: view.aggregation ?? DEFAULT,
      processors: view.attributesProcessors ?? [],
      limit: view.aggregationCardinalityLimit,
    }));
}

function selects(view: ViewOptions, { name, kind, unit }: InstrumentDescription, scope: Scope): boolean {
  const isAsked = (asked: string | undefined, actual: string | undefined) => asked === undefined || asked === actual;
  return (
    (view.instrumentName === undefined || patternOf(view.instrumentName).test(name)) &&
    isAsked(view.instrumentType, kind) &&
    isAsked(view.instrumentUnit, unit) &&
    isAsked(view.meterName, scope.name) &&
    isAsked(view.meterVersion, scope.version) &&
    isAsked(view.meterSchemaUrl, scope.schemaUrl)
  );
}

/** `*` stands for any characters, `?` for one. */
function patternOf(pattern: string): RegExp {
  const escaped = pattern.replace(/[\\^$.+()[\]{}|]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll(/\*+/g, '.*').replaceAll('?', '.')}$`, 's');
}
