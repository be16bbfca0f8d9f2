// Whatever a program does with its metrics, both libraries make the same text of it, but for the order of labels.
import fc from 'fast-check';
import { cases, type Library, libraries, registryOf } from './libraries.js';

const [[, original], [, dropIn]] = libraries as [(typeof libraries)[number], (typeof libraries)[number]];
const names = ['a', 'b', 'c'] as const;
const steps = 40;

type Labels = Partial<Record<(typeof names)[number], string | number>>;
type Step = { readonly kind: number; readonly labels: Labels; readonly value: number; readonly form: number };

// No separators that make prom-client mix series up, and no empty values, which are labels to it and none to Prometheus.
const labelValue = fc.oneof(fc.constantFrom('x', 'y "z" \\ \n', 'é', '200'), fc.integer({ min: 0, max: 3 }));
const labelsOf = fc.record({ a: labelValue, b: labelValue, c: labelValue }, { requiredKeys: [] });
const stepOf: fc.Arbitrary<Step> = fc.record({
  kind: fc.nat(3),
  labels: labelsOf,
  value: fc.oneof(fc.integer({ min: 0, max: 100 }), fc.double({ min: 0, max: 20, noNaN: true })),
  form: fc.nat(9),
});

async function textOf(library: Library, type: string, done: readonly Step[]): Promise<string> {
  const registry = registryOf(library, type);
  const config = { help: 'help', labelNames: names, registers: [registry] };
  const counter = new library.Counter({ name: 'counter_total', ...config });
  const gauge = new library.Gauge({ name: 'gauge', ...config });
  const moves = [gauge.set, gauge.inc, gauge.dec] as readonly ((labels: Labels, value: number) => void)[];
  const histogram = new library.Histogram({ name: 'histogram', buckets: [1, 5, 10.5], ...config });
  const summary = new library.Summary({ name: 'summary', percentiles: [], ...config });
  for (const { kind, labels, value, form } of done) {
    const metric = [counter, gauge, histogram, summary][kind] as typeof counter;
    if (form === 0) metric.remove(labels);
    else if (form === 1 && kind < 2) metric.reset();
    else if (form === 2) registry.setDefaultLabels(labels);
    else if (kind === 0) form > 5 ? counter.inc(labels, value) : counter.labels(labels).inc(value);
    else if (kind === 1) moves[form % 3]?.call(gauge, labels, value);
    else if (kind === 2) form > 5 ? histogram.observe(labels, value) : histogram.labels(labels).observe(value);
    else summary.observe(labels, value);
  }
  return registry.metrics();
}

/** Lines in an order of their own, each with its labels in an order of their own. */
function sorted(text: string): readonly string[] {
  const label = /([a-z]+)="((?:[^"\\]|\\.)*)"/g;
  return text
    .split('\n')
    .map((line) => {
      const labels = [...line.matchAll(label)].map(([pair]) => pair).sort();
      return line.startsWith('#') ? line : line.replace(/\{.*\}/, `{${labels.join(',')}}`);
    })
    .sort();
}

it.each(cases.filter(({ library }) => library === dropIn))('$title makes the text of prom-client', async ({ type }) => {
  await fc.assert(
    fc.asyncProperty(fc.array(stepOf, { maxLength: steps }), async (done) => {
      expect(sorted(await textOf(dropIn, type, done))).toEqual(sorted(await textOf(original, type, done)));
    }),
    { numRuns: 100 },
  );
});
