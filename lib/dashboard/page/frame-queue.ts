// Shares out the time of each frame. Painting comes in slices, and however many charts have something new at once, they take a few
// milliseconds of a frame together: the page scrolls and follows the pointer while a thousand series are drawn.

/** A painting in slices: it yields wherever it may be interrupted. */
export type Work = Generator<void, void, void>;

const BUDGET_MS = 5;
const queue = new Map<object, Work>();
let isScheduled = false;

/** Begins `work` in one of the next frames; work of the same owner that has not ended is dropped. */
export function enqueue(owner: object, work: Work): void {
  queue.delete(owner);
  queue.set(owner, work);
  schedule();
}

export function dropWork(owner: object): void {
  queue.delete(owner);
}

function schedule(): void {
  if (isScheduled || queue.size === 0) return;
  isScheduled = true;
  requestAnimationFrame(() => {
    isScheduled = false;
    runSlices(performance.now() + BUDGET_MS);
    schedule();
  });
}

function runSlices(untilMs: number): void {
  for (const [owner, work] of queue) {
    while (performance.now() < untilMs) {
      if (work.next().done !== true) continue;
      // It may have queued anew for the same owner meanwhile.
      if (queue.get(owner) === work) queue.delete(owner);
      break;
    }
    if (performance.now() >= untilMs) return;
  }
}
