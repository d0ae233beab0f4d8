/**
 * The ends of many numbers, folded: `Math.max(...numbers)` passes each as an argument, and past some hundred thousand of
 * them the stack is full.
 */
export function highest(numbers: readonly number[], least: number): number {
  return numbers.reduce((a, b) => Math.max(a, b), least);
}

/** The lowest of the numbers, and `most` where all are above it. */
export function lowest(numbers: readonly number[], most: number): number {
  return numbers.reduce((a, b) => Math.min(a, b), most);
}
