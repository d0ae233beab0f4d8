/**
 * Milliseconds from the tick until vantage `index` of `count` starts its round: `index/count` of a round, in whole seconds
 * because SQS delays messages by whole seconds. An outage is seen sooner with the same number of probes;
 * `docs/consensus.md` has gain and cost.
 */
export function staggerDelay(index: number, count: number, every: number): number {
  return Math.floor((every * index) / count / 1000) * 1000;
}
