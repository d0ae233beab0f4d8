/** Facts are written only now and then: with every sample they would double the price of a round. */

const quarterHour = 15 * 60_000;

/** Whether a round is the first of its quarter of an hour; then the samples that pass bring their facts, too. */
export function factsDue(round: string, every: number): boolean {
  const at = Date.parse(round);
  return Math.floor(at / quarterHour) !== Math.floor((at - every) / quarterHour);
}
