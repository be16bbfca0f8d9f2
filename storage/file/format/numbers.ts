// When two numbers are the same to a reader: then the second need not be written.

/** Whether writing the second after the first can be left out. */
export function isSameNumber(a: number, b: number): boolean {
  return a === b ? a !== 0 || 1 / a === 1 / b : Number.isNaN(a) && Number.isNaN(b);
}
