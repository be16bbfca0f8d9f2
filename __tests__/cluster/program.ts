// Runs programs that are a gatherer and its workers at once, and answers what they printed.
import { startProgram } from '../support/program.js';

/** Runs to its end, which has to be a good one. */
export async function linesOf(source: string): Promise<string[]> {
  const running = startProgram(source);
  const lines: string[] = [];
  for (let line = await running.line(); line !== undefined; line = await running.line()) lines.push(line);
  expect([await running.exit, running.child.stderr()]).toEqual([0, '']);
  return lines;
}

/** What both sides of the programs have at hand. */
export const common = `
import { once } from 'node:events';
import { describe, MetricsCollector } from 'telltale';
import { gatherWorkers, joinCluster } from 'telltale/cluster';

const metrics = new MetricsCollector({ onError: (error) => console.log(describe(error)) });
const shown = async (pattern) => (await metrics.expose()).split('\\n').filter((line) => pattern.test(line)).sort().join(' | ');
const settled = async (condition) => { while (!(await condition())) await new Promise((done) => setImmediate(done)); };
`;
