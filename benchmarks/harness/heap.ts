// How much memory this process has in use. It needs V8's --expose-gc.

/** Heap and array buffers, when there is no garbage left. */
export async function bytesInUse(): Promise<number> {
  for (let i = 0; i < 4; i++) {
    globalThis.gc?.();
    // Memory outside of the heap is given back a little later.
    await new Promise(setImmediate);
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
