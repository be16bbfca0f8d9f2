// Families of every type with any labels, numbers, gaps and blocks, for the properties that hold of all expositions.
import fc from 'fast-check';
import type { MetricFamily } from '../../lib/model/family.js';
import { familyOf, type PlainFamily, type PlainSeries } from '../support/families.js';
import { anyText } from './any-text.js';

const total = fc.oneof(fc.nat(), fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }));
const count = fc.oneof(fc.nat(20), fc.nat());

/** Up to six families, named `f0`, `f1`, … */
export function anyFamilies(): fc.Arbitrary<MetricFamily[]> {
  return fc
    .array(fc.oneof(...Object.values(kinds)), { maxLength: 6 })
    .map((makers) => makers.map((make, i) => make(`f${i}`)));
}

type Maker = (name: string) => MetricFamily;

const description = anyText();
/** The value of a label, which would be none if it were empty. */
const anyState = anyText(8).filter((state) => state !== '');

const kinds: Record<string, fc.Arbitrary<Maker>> = {
  counter: fc.tuple(description, plainOf(total)).map(([text, plain]) => (name) => {
    return familyOf({ type: 'counter', name: `${name}_total`, description: text }, plain);
  }),
  gauge: fc.tuple(description, plainOf(fc.double())).map(([text, plain]) => (name) => {
    return familyOf({ type: 'gauge', name, description: text }, plain);
  }),
  unknown: plainOf(fc.double()).map((plain) => (name) => familyOf({ type: 'unknown', name }, plain)),
  info: plainOf(fc.constant(1)).map((plain) => (name) => familyOf({ type: 'info', name }, plain)),
  histogram: fc
    .uniqueArray(fc.double({ noNaN: true, noDefaultInfinity: true }), { maxLength: 5, comparator: 'SameValueZero' })
    .chain((bounds) => {
      const upperBounds = bounds.map((bound) => bound || 0).sort((a, b) => a - b);
      const row = fc.tuple(fc.array(count, { minLength: bounds.length + 1, maxLength: bounds.length + 1 }), total);
      return plainOf(row.map(([counts, sum]) => [...counts, sum])).map((plain): Maker => {
        return (name) => familyOf({ type: 'histogram', name, upperBounds }, plain);
      });
    }),
  summary: fc.uniqueArray(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 3 }).chain((some) => {
    const quantiles = some.map((quantile) => quantile || 0).sort((a, b) => a - b);
    const row = fc.tuple(fc.array(fc.double(), { minLength: some.length, maxLength: some.length }), total, fc.nat());
    return plainOf(row.map(([values, sum, n]) => [...values, sum, n])).map((plain): Maker => {
      return (name) =>
        familyOf({ type: 'summary', name, quantiles: [...new Set(quantiles)].slice(0, some.length) }, plain);
    });
  }),
  stateset: fc.uniqueArray(anyState, { minLength: 1, maxLength: 3 }).chain((states) => {
    const row = fc.array(fc.constantFrom(0, 1), { minLength: states.length, maxLength: states.length });
    return plainOf(row).map(
      (plain): Maker =>
        (name) =>
          familyOf({ type: 'stateset', name, states }, plain),
    );
  }),
};

/** Series whose label sets differ, with gaps between them, in blocks of a few. */
function plainOf(row: fc.Arbitrary<number | readonly number[]>): fc.Arbitrary<PlainFamily> {
  const labels = fc.oneof(
    fc.record({ a: anyText() }),
    fc.record({ a: anyText(), b: anyText() }),
    fc.record({ c: anyText(), a: anyText(), b: anyText() }),
    fc.constant({}),
  );
  const one: fc.Arbitrary<PlainSeries> = fc.record({ labels, row, removed: fc.nat(9).map((n) => n === 0) });
  return fc.record({
    series: fc.uniqueArray(one, { maxLength: 12, selector: ({ labels: set }) => labelKey(set ?? {}) }),
    blockSize: fc.integer({ min: 1, max: 5 }),
    constantLabels: fc.oneof(
      fc.constant([]),
      anyText().map((text) => [['z', text]] as [string, string][]),
    ),
  });
}

/** An empty label value is the same as the missing label. */
function labelKey(labels: Readonly<Record<string, string>>): string {
  return JSON.stringify(
    Object.entries(labels)
      .filter(([, value]) => value !== '')
      .sort(),
  );
}
