/** Keys of the table, once. Times in keys are ISO 8601 UTC with seconds, so that they sort as they passed. */

/** Sorts after every key that begins alike: `#part` numbers, later times. */
export const endOfKeys = '\uffff';

/** Every sample of a vantage's round; one write per vantage and round. */
export const roundKey = {
  pk: (vantage: string) => `round#${vantage}`,
  sk: (round: string) => round,
  /**
   * Parts after the first of a round too large for one item. The id of the write keeps the parts of two runs of
   * the same round apart, so that a head never finds those of the other.
   */
  part: (round: string, number: number, written: string) => `${round}#${number}#${written}`,
} as const;

/** What is kept of a target: its hours, days and incidents. */
export const targetKey = {
  pk: (target: string) => `target#${target}`,
  /** @param hour `2026-11-22T05` */
  hour: (hour: string) => `hour#${hour}`,
  /** @param date `2026-11-22` */
  day: (date: string) => `day#${date}`,
  incident: (opened: string) => `incident#${opened}`,
} as const;

/** The present verdict of each target, under the id of the target. */
export const verdictsKey = 'verdicts';

/** How far the rollup has come. */
export const rollupKey = {
  pk: 'rollup',
  sk: 'hours',
  /** The targets that a day had. @param date `2026-11-22` */
  targets: (date: string) => `targets#${date}`,
} as const;

/** Whether a sort key of `round#…` is that of a head, and not of a part. */
export function isRoundHead(sk: string): boolean {
  return !sk.includes('#');
}
