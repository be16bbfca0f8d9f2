// Gauges. The values differ from call to call, so that no store can be dropped in favour of the next one.
import { Gauge, Registry } from 'prom-client';
import { expectTotal } from '../harness/expect.js';
import { faster, type Row } from '../harness/row.js';
import { type Contender, recording } from '../harness/timing.js';
import { newCollector, newOpenTelemetry, openTelemetryTallyOf, promTallyOf } from '../libraries.js';
import { requestsOf } from '../workload.js';

const { seconds: values } = requestsOf(1);
const last = values.at(-1)!;

function ownGauge(): Contender {
  const gauge = newCollector().gauge('plain_gauge');
  const run = (passes: number) => {
    for (let pass = 0; pass < passes; pass++) {
      for (let i = 0; i < values.length; i++) gauge.set(values[i]!);
    }
  };
  return { library: 'telltale', run, check: () => expectTotal('the gauge of telltale', gauge.getValue(), last) };
}

function promGauge(): Contender {
  const gauge = new Gauge({ name: 'plain_gauge', help: 'Plain', registers: [new Registry()] });
  const run = (passes: number) => {
    for (let pass = 0; pass < passes; pass++) {
      for (let i = 0; i < values.length; i++) gauge.set(values[i]!);
    }
  };
  const check = async () => expectTotal('the gauge of prom-client', (await promTallyOf(gauge)).sum, last);
  return { library: 'prom-client', run, check };
}

function openTelemetryGauge(): Contender {
  const library = newOpenTelemetry();
  const gauge = library.meter.createGauge('plain_gauge');
  const run = (passes: number) => {
    for (let pass = 0; pass < passes; pass++) {
      for (let i = 0; i < values.length; i++) gauge.record(values[i]!);
    }
  };
  const check = async () =>
    expectTotal('the gauge of OpenTelemetry', (await openTelemetryTallyOf(library, 'plain_gauge')).sum, last);
  return { library: 'OpenTelemetry', run, prepare: () => run(1), check };
}

export const gaugeRows: readonly Row[] = [
  recording({
    id: 'gauge-set',
    title: '`gauge.set(v)`',
    targets: [faster('prom-client', 20), faster('OpenTelemetry', 150)],
    operations: values.length,
    contenders: () => [ownGauge(), promGauge(), openTelemetryGauge()],
  }),
];
