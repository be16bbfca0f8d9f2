// Measuring a process must not keep it alive, neither while it goes on nor afterwards.
import { buildPackage, startProgram } from '../../support/program.js';

beforeAll(buildPackage, 120_000);

it.each([
  ['while it is measured', ''],
  ['after the measuring was removed', 'measuring.remove();'],
])(
  'lets the process end %s',
  async (_, removal) => {
    const program = startProgram(`
    import { MetricsCollector } from 'telltale';
    import { instrumentProcess } from 'telltale/instrumentation';
    const collector = new MetricsCollector();
    const measuring = instrumentProcess({ collector });
    const text = await collector.expose();
    ${removal}
    console.log(/^process_uptime_seconds [0-9.]+$/m.test(text));
  `);
    expect(await program.line()).toBe('true');
    expect(await program.exit).toBe(0);
  },
  30_000,
);
