// What is told of a metric by OTLP, apart from its numbers: the names of origin for what OpenTelemetry's API recorded, and
// names that make sense to its backends for everything else.
import type { MetricFamily } from '../../model/family.js';
import { ucumUnit } from './names.js';
import type { InstrumentKind } from './sdk-values.js';
import type { Stream } from './streams.js';
import type { Scope } from './views.js';

export interface MetricSource {
  readonly scope: Scope;
  readonly name: string;
  readonly description: string;
  readonly unit: string;
  readonly kind: InstrumentKind;
  readonly isInteger: boolean;
  /** What its single numbers are: totals, what may fall as well as rise, or values of the moment. */
  readonly form: 'total' | 'sum' | 'value';
  /** Where its series are. */
  readonly family: MetricFamily;
  /** Labels that stand for the scope, and are no attributes. */
  readonly scopeLabels: ReadonlySet<string>;
}

/** The scope of what was not recorded by OpenTelemetry's API. */
const OWN_SCOPE: Scope = { name: 'telltale', version: '', schemaUrl: undefined };
const NONE: ReadonlySet<string> = new Set();

/** The streams in a family, each on its own; the family itself where there are none. */
export function sourcesOf(family: MetricFamily, streams: readonly Stream[]): readonly MetricSource[] {
  // The same descriptor: what is gathered from other processes has the names only.
  const own = streams.filter((stream) => stream.family.descriptor === family.descriptor);
  if (own.length === 0) return [foreign(family)];
  return own.map((stream) => {
    const { name, description, unit, kind, isInteger } = stream.description;
    const { scope, scopeLabels, family: part } = stream;
    return { scope, scopeLabels, name, description, unit, kind, isInteger, form: formOf(stream), family: part };
  });
}

function formOf({ sink }: Stream): MetricSource['form'] {
  if (sink.type !== 'gauge') return 'total';
  return sink.isSum ? 'sum' : 'value';
}

function foreign(family: MetricFamily): MetricSource {
  const { name, description, unit } = family.descriptor;
  const source = { scope: OWN_SCOPE, name, description, unit: ucumUnit(unit), isInteger: false };
  return { ...source, ...kindOf(family), family, scopeLabels: NONE };
}

/** Facts and states are sums that may fall, as the specification has it. */
function kindOf({ descriptor: { type } }: MetricFamily): { kind: InstrumentKind; form: MetricSource['form'] } {
  switch (type) {
    case 'counter':
    case 'summary':
      return { kind: 'COUNTER', form: 'total' };
    case 'histogram':
      return { kind: 'HISTOGRAM', form: 'total' };
    case 'info':
    case 'stateset':
      return { kind: 'UP_DOWN_COUNTER', form: 'sum' };
    default:
      return { kind: 'GAUGE', form: 'value' };
  }
}
