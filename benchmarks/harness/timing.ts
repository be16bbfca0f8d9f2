// How time is measured: every library of a row takes its turn in every round, so that whatever the machine does
// meanwhile hits all of them, and the median of the rounds counts. After each turn the library has to prove that it
// recorded what it was given: nothing can be optimised away, and all do the same work.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { median } from './median.js';
import type { Effort, Figures, Library, Row, Target } from './row.js';

/** One library's way of doing a row's operation. */
export interface Contender {
  readonly library: Library;
  /** Untimed, before every turn. */
  prepare?(): void;
  /** Does all operations of the row, so many times over. */
  run(passes: number): void | Promise<void>;
  /** Throws unless everything that was done so far shows in what the library would expose. */
  check(): void | Promise<void>;
  close?(): Promise<void>;
}

export interface TimedRow {
  readonly id: string;
  readonly title: string;
  readonly targets: readonly Target[];
  readonly rehearsed?: boolean;
  /** Operations per pass. */
  readonly operations: number;
  contenders(): readonly Contender[] | Promise<readonly Contender[]>;
}

/** A row whose figures are nanoseconds per operation. */
export function timed({ id, title, targets, rehearsed = false, operations, contenders }: TimedRow): Row {
  return {
    id,
    title,
    targets,
    rehearsed,
    unit: 'ns',
    measure: async (effort) => measureTurns(await contenders(), operations, effort),
  };
}

/** A timed row whose operation is a recording. */
export const recording = (row: TimedRow): Row => timed({ ...row, rehearsed: true });

/** A contender that records. Its check is told how many passes were made since the beginning. */
export function recorder(
  library: Library,
  loop: (passes: number) => void,
  check: (passes: number) => void | Promise<void>,
): Contender {
  let done = 0;
  const run = (passes: number) => {
    loop(passes);
    done += passes;
  };
  // A check reads everything, which costs caches, and some libraries start their series anew after it.
  return { library, prepare: () => run(1), run, check: () => check(done) };
}

async function measureTurns(
  contenders: readonly Contender[],
  operations: number,
  { rounds, warmUpMs, roundMs }: Effort,
): Promise<Figures> {
  const turns = contenders.map((contender) => ({ contender, passes: 1, figures: [] as number[] }));
  for (const turn of turns) turn.passes = Math.max(1, Math.round(roundMs / (await warmUp(turn.contender, warmUpMs))));
  collectGarbage();
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < turns.length; i++) {
      const { contender, passes, figures } = turns[(round + i) % turns.length]!;
      contender.prepare?.();
      figures.push((await timeOf(contender, passes)) / (passes * operations));
      await contender.check();
    }
  }
  for (const { contender } of turns) await contender.close?.();
  return Object.fromEntries(turns.map(({ contender, figures }) => [contender.library, median(figures)]));
}

/** Answers the milliseconds of a pass once it is warm. */
async function warmUp(contender: Contender, warmUpMs: number): Promise<number> {
  let passes = 1;
  let spentMs = 0;
  let passMs = 0;
  for (let turn = 0; turn < 2 || spentMs < warmUpMs; turn++) {
    contender.prepare?.();
    const ms = (await timeOf(contender, passes)) / 1e6;
    passMs = Math.max(ms / passes, 1e-6);
    spentMs += ms;
    passes = Math.max(1, Math.round(warmUpMs / 5 / passMs));
  }
  await contender.check();
  return passMs;
}

async function timeOf(contender: Contender, passes: number): Promise<number> {
  const start = performance.now();
  const running = contender.run(passes);
  // Waiting for what is no promise would add the event loop's work to a few microseconds of recording.
  if (running !== undefined) await running;
  return (performance.now() - start) * 1e6;
}

setFlagsFromString('--expose-gc');
/** Leaves no library the garbage of another. */
const collectGarbage = runInNewContext('gc') as () => void;
