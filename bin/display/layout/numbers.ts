/**
 * The highest number, or `least` if that is higher. `Math.max(...numbers)` passes each number as an argument, and overflows the
 * stack at some hundred thousand.
 */
export function highest(numbers: readonly number[], least: number): number {
  return numbers.reduce((a, b) => Math.max(a, b), least);
}

/** The lowest number, or `most` if that is lower. */
export function lowest(numbers: readonly number[], most: number): number {
  return numbers.reduce((a, b) => Math.min(a, b), most);
}

/** A number with its noun, such as `1 lookup` and `2 lookups`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
