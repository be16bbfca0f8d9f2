// The drop-in imported and required in one process, which makes two modules of it: what they share, and what one makes of the
// other's objects.
import { buildPackage, startProgram } from '../../support/program.js';

jest.setTimeout(60_000);

beforeAll(() => buildPackage());

const program = `
import { createRequire } from 'node:module';
import * as imported from 'telltale/prom-client';
const required = createRequire(import.meta.url)('telltale/prom-client');
const kinds = ['Counter', 'Gauge', 'Histogram', 'Summary', 'Registry', 'AggregatorRegistry', 'Pushgateway'];
const makes = ({ Counter, Gauge, Histogram, Summary, Registry, AggregatorRegistry, Pushgateway }, name) => [
  new Counter({ name: name + '_c', help: 'x' }), new Gauge({ name: name + '_g', help: 'x' }),
  new Histogram({ name: name + '_h', help: 'x' }), new Summary({ name: name + '_s', help: 'x' }),
  new Registry(), new AggregatorRegistry(), new Pushgateway('http://127.0.0.1:9091'),
];
/** Which of the other module's classes each object is of. */
const seen = (objects, other) => objects.map((object) => kinds.filter((kind) => object instanceof other[kind]));
const [ofImported, ofRequired] = [makes(imported, 'i'), makes(required, 'r')];
class Own extends imported.Counter {}
const own = new Own({ name: 'own', help: 'x', registers: [] });
const merged = imported.Registry.merge([imported.register, new required.Registry()]);
console.log(JSON.stringify({
  isOne: imported.register === required.register,
  areTwo: imported.Counter !== required.Counter,
  seen: [seen(ofImported, required), seen(ofRequired, imported)],
  derived: [own instanceof Own, own instanceof required.Counter, ofImported[0] instanceof Own],
  others: [null, 1, {}, 'x', undefined].map((value) => value instanceof imported.Counter),
  metrics: merged.getMetricsAsArray().length,
  shown: (await imported.register.metrics()).match(/^[ir]_[cg] 0$/gm),
}));
`;

it('is one to instanceof, with one registry', async () => {
  const running = startProgram(program);
  const line = await running.line();
  expect(await running.exit).toBe(0);
  const each = [
    ['Counter'],
    ['Gauge'],
    ['Histogram'],
    ['Summary'],
    ['Registry'],
    ['Registry', 'AggregatorRegistry'],
    ['Pushgateway'],
  ];
  expect(JSON.parse(line ?? '')).toEqual({
    isOne: true,
    areTwo: true,
    seen: [each, each],
    derived: [true, true, false],
    others: [false, false, false, false, false],
    metrics: 8,
    shown: ['i_c 0', 'i_g 0', 'r_c 0', 'r_g 0'],
  });
});
