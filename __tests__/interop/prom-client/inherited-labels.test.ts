// Labels that are called as what every object inherits: they are labels like any other, in both libraries, and what is
// inherited is none.
import * as original from 'prom-client';
import * as telltale from 'telltale/prom-client';
import type { Library } from './libraries.js';

describe.each([
  ['prom-client', original as unknown as Library],
  ['the drop-in', telltale as unknown as Library],
])('labels named as inherited properties, in %s', (_name, { Counter, Registry }) => {
  it('are written when they are given, and only then', async () => {
    const registry = new Registry();
    const labelNames = ['__proto__', 'constructor', 'toString'];
    const counter = new Counter({ name: 'c', help: 'help', labelNames, registers: [registry] });
    counter.inc(JSON.parse('{"__proto__":"x"}'), 2);
    expect((await registry.metrics()).split('\n')).toContain('c{__proto__="x"} 2');
  });
});
