// A probe that runs once in every turn of the event loop: the longest time between two of its runs is for how long something
// kept all else waiting.

/** Answers the longest gap while `work` goes on, in nanoseconds. */
export async function longestGap(work: () => Promise<unknown>): Promise<number> {
  let longest = 0;
  let last = performance.now();
  let running = true;
  const probe = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (running) setImmediate(probe);
  };
  setImmediate(probe);
  await work();
  running = false;
  return longest * 1e6;
}
