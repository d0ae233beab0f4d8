/**
 * How long after the tick vantage `index` of `count` starts its round, in milliseconds: `index/count` of a round, in whole
 * seconds because that is what a delayed message can be told. `count` vantages then look `count` times as often as one
 * would, for the price of one look each; `docs/consensus.md` has what it gains and costs.
 */
export function staggerDelay(index: number, count: number, every: number): number {
  return Math.floor((every * index) / count / 1000) * 1000;
}
