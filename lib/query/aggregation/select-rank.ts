// Finding the number of a rank among others without sorting them all (Hoare's selection).
// https://en.wikipedia.org/wiki/Quickselect

/** More rounds than good pivots need: then the numbers are sorted after all. */
const MOST_ROUNDS = 64;

/**
 * Moves the first `count` numbers so that the one of `rank` (from 0) is where it would be if they were sorted, lesser ones
 * before it and greater ones after it. There may be no NaN among them.
 *
 * Cost: a few ns by number.
 */
export function selectRank(numbers: Float64Array, count: number, rank: number): void {
  let [low, high] = [0, count - 1];
  for (let round = 0; low < high; round++) {
    if (round === MOST_ROUNDS) {
      numbers.subarray(low, high + 1).sort();
      return;
    }
    const pivot = medianOfThree(numbers[low] as number, numbers[(low + high) >> 1] as number, numbers[high] as number);
    let [left, right] = [low, high];
    while (left <= right) {
      while ((numbers[left] as number) < pivot) left++;
      while ((numbers[right] as number) > pivot) right--;
      if (left > right) break;
      const swapped = numbers[left] as number;
      numbers[left++] = numbers[right] as number;
      numbers[right--] = swapped;
    }
    if (rank <= right) high = right;
    else if (rank >= left) low = left;
    else return;
  }
}

function medianOfThree(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}
