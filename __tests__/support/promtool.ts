// Asks promtool, Prometheus' own linter, about an exposition in the classic text format. It reads no OpenMetrics: that is
// the judge's part.
import { type CommandResult, runCommand } from './child.js';
import { serverComponent } from './servers.js';

/** Exit code 0: nothing found · 1: the text cannot be parsed · 3: lint complaints, one per line of `output`. */
export type PromtoolResult = CommandResult;

/** `promtool check metrics` with `text` (format 0.0.4) as its input. ~60 ms. */
export function checkMetrics(text: string): Promise<PromtoolResult> {
  return promtool(['check', 'metrics'], text);
}

/** Any other command of promtool. */
export function promtool(args: readonly string[], input = ''): Promise<PromtoolResult> {
  const { path, env } = serverComponent('promtool');
  return runCommand({ path, args, env }, input);
}
