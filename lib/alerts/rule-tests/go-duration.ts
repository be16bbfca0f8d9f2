// Durations as reports of rule tests show them: `1h30m`, as in the files.
import { formatDuration } from '../../query/language/durations.js';

export function goDuration(ms: number): string {
  return ms === 0 ? '0s' : formatDuration(ms);
}
