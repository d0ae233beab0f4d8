/**
 * Facts (keywords, certificate) are some 190 bytes, three times the rest of a sample, and seldom change: once an hour they
 * add 3 bytes to a sample, each quarter of an hour 12, which no longer keeps the price of docs/table.md.
 */
const hour = 60 * 60_000;

/** Whether a round is the first of its hour; then its samples bring their facts. */
export function factsDue(round: string, every: number): boolean {
  const at = Date.parse(round);
  return Math.floor(at / hour) !== Math.floor((at - every) / hour);
}
