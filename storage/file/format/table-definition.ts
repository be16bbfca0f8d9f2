// What all series of a table share, and how it stands in a file: as JSON, because it is written once per segment and is
// what someone with a hex editor wants to be able to read.
import { type FamilyDescriptor, type MetricType, rowWidth, type SeriesBlock } from '../../../lib/model/family.js';
import { Malformed } from './byte-reader.js';

/** Series of one family that have the same label names and the same constant labels. */
export interface TableDefinition {
  readonly descriptor: FamilyDescriptor;
  readonly labelNames: readonly string[];
  readonly constantLabels: SeriesBlock['constantLabels'];
  /** Whether each row has a time of its own behind its numbers, NaN where it is the snapshot's. */
  readonly isTimed: boolean;
}

/** How many numbers a series has in a table: those of its row, its own time where it has one, and when it started. */
export function strideOf({ descriptor, isTimed }: TableDefinition): number {
  return rowWidth(descriptor) + (isTimed ? 2 : 1);
}

const TYPES: ReadonlySet<string> = new Set<MetricType>([
  'counter',
  'gauge',
  'histogram',
  'gaugehistogram',
  'summary',
  'info',
  'stateset',
  'unknown',
]);

/** The same text always means the same definition. */
export function definitionText({ descriptor, labelNames, constantLabels, isTimed }: TableDefinition): string {
  const { name, type, description, unit } = descriptor;
  const layout = { ...layoutOf(descriptor), ...(isTimed ? { timed: true } : {}) };
  return JSON.stringify({ name, type, description, unit, ...layout, labelNames, constantLabels });
}

/** What is the same for all tables of a family. */
export function familyText(descriptor: FamilyDescriptor): string {
  return definitionText({ descriptor, labelNames: [], constantLabels: [], isTimed: false });
}

/** Numbers go as text: JSON has no -0. */
function layoutOf(descriptor: FamilyDescriptor): object {
  switch (descriptor.type) {
    case 'histogram':
      return {
        upperBounds: descriptor.upperBounds.map(numberText),
        ...(descriptor.native === true ? { native: true } : {}),
      };
    case 'gaugehistogram':
      return { upperBounds: descriptor.upperBounds.map(numberText) };
    case 'summary':
      return { quantiles: descriptor.quantiles.map(numberText) };
    case 'stateset':
      return { states: descriptor.states };
    default:
      return {};
  }
}

function numberText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

/** @throws Malformed for a text that this version did not write. */
export function readDefinition(text: string): TableDefinition {
  let parsed: Record<string, unknown>;
  try {
    parsed = JSON.parse(text) as Record<string, unknown>;
  } catch {
    throw new Malformed('a family is described by no valid JSON');
  }
  const base = { name: textIn(parsed.name), description: textIn(parsed.description), unit: textIn(parsed.unit) };
  return {
    descriptor: descriptorOf(base, parsed),
    labelNames: listIn(parsed.labelNames, textIn),
    constantLabels: listIn(parsed.constantLabels, (pair) => {
      const [name, value] = listIn(pair, textIn);
      return [textIn(name), textIn(value)] as const;
    }),
    isTimed: parsed.timed === true,
  };
}

function descriptorOf(
  base: Pick<FamilyDescriptor, 'name' | 'description' | 'unit'>,
  parsed: Record<string, unknown>,
): FamilyDescriptor {
  const type = textIn(parsed.type) as MetricType;
  if (!TYPES.has(type)) throw new Malformed('a family is of an unknown type');
  const numberIn = (value: unknown) => Number(textIn(value));
  switch (type) {
    case 'histogram': {
      const upperBounds = listIn(parsed.upperBounds, numberIn);
      return parsed.native === true ? { ...base, type, upperBounds, native: true } : { ...base, type, upperBounds };
    }
    case 'gaugehistogram':
      return { ...base, type, upperBounds: listIn(parsed.upperBounds, numberIn) };
    case 'summary':
      return { ...base, type, quantiles: listIn(parsed.quantiles, numberIn) };
    case 'stateset':
      return { ...base, type, states: listIn(parsed.states, textIn) };
    default:
      return { ...base, type };
  }
}

function textIn(value: unknown): string {
  if (typeof value !== 'string') throw new Malformed('the description of a family lacks a text');
  return value;
}

function listIn<T>(value: unknown, item: (value: unknown) => T): T[] {
  if (!Array.isArray(value)) throw new Malformed('the description of a family lacks a list');
  return value.map(item);
}
